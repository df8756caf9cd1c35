"""Claims as read, and people's corrections of them, in SQL."""

from service.personas.repository.claims import load_personas, save_personas
from service.personas.repository.edits import (
    CardEdit,
    Confirmations,
    card_edits,
    keep,
    load_confirmations,
    save_confirmations,
    undo,
)
from service.personas.repository.proposals import load_proposals, save_proposals

__all__ = [
    "CardEdit",
    "Confirmations",
    "card_edits",
    "keep",
    "load_confirmations",
    "load_personas",
    "load_proposals",
    "save_confirmations",
    "save_personas",
    "save_proposals",
    "undo",
]
