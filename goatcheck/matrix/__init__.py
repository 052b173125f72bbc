"""Several targets in one go: each is judged by a run of its own, then their reports are laid side by side.

Each run is a process of its own, `goatcheck run --out …`. A run is made for a process that it has to itself: Ctrl-C reaches its
main thread only, pytest and Hypothesis keep state for the whole process, and threads of one interpreter would take time from each
other where a burst has to be quick. So a target that goes wrong in any way, up to a process that dies, takes nothing from the
others, and the folder of a target is what `goatcheck run` writes.
"""

from goatcheck.matrix.overview import Overview, overview_of
from goatcheck.matrix.running import Ended, run_all
from goatcheck.matrix.targets import Target, load_targets

__all__ = ["Ended", "Overview", "Target", "load_targets", "overview_of", "run_all"]
