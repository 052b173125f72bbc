"""Values and request drafts, drawn from the contract's schemas. Nothing is ever sent here."""

from goatcheck.drawing.draft import Draft
from goatcheck.drawing.draw import Draw
from goatcheck.drawing.endpoint import Endpoint

__all__ = ["Draft", "Draw", "Endpoint"]
