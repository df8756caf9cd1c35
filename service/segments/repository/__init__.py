"""Segments, their lineage and people's edits in SQL."""

from service.segments.repository.edits import (
    Journal,
    append_edit,
    customer_named,
    document_of,
    edits_in_force,
    known_to,
    load_journal,
    load_log,
    new_edit_id,
    require_version,
    segment_named,
    touched_by_undo,
    version_of,
    with_given_names,
)
from service.segments.repository.lineage import Chapter, history, load_lineage
from service.segments.repository.segmentation import (
    load_segmentation,
    previous_segmentation,
    save_segmentation,
)

__all__ = [
    "Chapter",
    "Journal",
    "append_edit",
    "customer_named",
    "document_of",
    "edits_in_force",
    "history",
    "known_to",
    "load_journal",
    "load_lineage",
    "load_log",
    "load_segmentation",
    "new_edit_id",
    "previous_segmentation",
    "require_version",
    "save_segmentation",
    "segment_named",
    "touched_by_undo",
    "version_of",
    "with_given_names",
]
