"""Broken mocks: each fault breaks the contract in one named way, so that every check can be seen to fail."""

from goatcheck.faults.catalogue import broken_world, catalogue
from goatcheck.faults.fault import Fault

__all__ = ["Fault", "broken_world", "catalogue"]
