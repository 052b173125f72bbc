"""The contract's data as frozen values: requirements, variants, operations."""

from goatcheck.contract.bundling import bundled
from goatcheck.contract.contract import Contract
from goatcheck.contract.loading import CURRENT, found, load, versions
from goatcheck.contract.parts import Operation, Parameter, Requirement, Schema, Variant

__all__ = [
    "CURRENT",
    "Contract",
    "Operation",
    "Parameter",
    "Requirement",
    "Schema",
    "Variant",
    "bundled",
    "found",
    "load",
    "versions",
]
