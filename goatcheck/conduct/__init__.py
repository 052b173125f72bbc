"""Conducting a run: what is sent, in which order, at which pace, and what is written down about it."""
