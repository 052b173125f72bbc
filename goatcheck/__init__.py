"""goatcheck: the conformance suite of the trackagoat v1 error contract."""

__version__ = "0.1.0"
