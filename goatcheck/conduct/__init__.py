"""Conducting a run: what is sent, in which order, at which pace, and what is written down about it.

A suite needs `requirement` to mark its checks, `observing` for the one that only looks, `evidence`
for what is played beside them, and the types it is handed.
"""

from goatcheck.conduct.answer import Answer
from goatcheck.conduct.resources import KINDS, Keyed, Made, id_of, items_of
from goatcheck.conduct.traces import texts_in
from goatcheck.conduct.trial import evidence, observing, requirement

__all__ = ["KINDS", "Answer", "Keyed", "Made", "evidence", "id_of", "items_of", "observing", "requirement", "texts_in"]
