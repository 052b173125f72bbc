"""For every test run in this checkout: Hypothesis keeps its files out of the tree."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(Path(tempfile.gettempdir()) / "goatcheck-hypothesis"))
