"""Recorded traffic: files that other tools wrote, read entry by entry, with their secrets taken out.

`open_recording` finds out what a file is and gives its entries and what could not be read; `redacted` takes the secrets out of
an entry; `Api` tells which entries are the API's.
"""

from goatcheck.recorded.api import Api
from goatcheck.recorded.entry import Entry, Item, Unread
from goatcheck.recorded.redaction import redacted
from goatcheck.recorded.sources import STANDARD_INPUT, Recording, open_recording

__all__ = ["STANDARD_INPUT", "Api", "Entry", "Item", "Recording", "Unread", "open_recording", "redacted"]
