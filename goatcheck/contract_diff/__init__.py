"""What changed between two editions of the contract, and which of it breaks clients that read errors."""

from goatcheck.contract_diff.change import Change, Difference
from goatcheck.contract_diff.comparing import difference

__all__ = ["Change", "Difference", "difference"]
