"""What races are made of: a moment between looking and acting, in which others act too."""

from __future__ import annotations

import threading
import time

_MOMENT = 0.02
"""Seconds; requests that are sent at once are not further apart."""


def let_others_in() -> None:
    """Wait for the others. In the only thread of a process there are none."""
    if threading.active_count() > 1:
        time.sleep(_MOMENT)
