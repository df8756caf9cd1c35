"""The corpus in SQL: a harvest goes in, a whole `Corpus` comes out."""

from service.corpus.repository.load import (
    count_customers,
    known_items,
    labelled_voices,
    language_of,
    load_corpus,
    marks_of,
    seen_files,
)
from service.corpus.repository.rejects import rejects_of
from service.corpus.repository.save import move_customers, save_harvest, settle_stored, without_forgotten

__all__ = [
    "count_customers",
    "known_items",
    "labelled_voices",
    "language_of",
    "load_corpus",
    "marks_of",
    "move_customers",
    "rejects_of",
    "save_harvest",
    "seen_files",
    "settle_stored",
    "without_forgotten",
]
