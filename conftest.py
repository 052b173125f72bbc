"""For every test run in this checkout: Hypothesis keeps its files out of the tree, and no run thinks that it is a job of GitHub's."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(Path(tempfile.gettempdir()) / "goatcheck-hypothesis"))
os.environ.pop("GITHUB_ACTIONS", None)
