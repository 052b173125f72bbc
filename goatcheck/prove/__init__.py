"""The proof of the suite's power: every fault is let loose on it, and what turns red is held against what should."""

from goatcheck.prove.proof import DEFAULT, LIVE, Proof, Setting, Trial
from goatcheck.prove.proving import prove, selected_faults

__all__ = ["DEFAULT", "LIVE", "Proof", "Setting", "Trial", "prove", "selected_faults"]
