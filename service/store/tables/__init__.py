"""Every table. Each row belongs to a workspace; results belong to a run."""

from service.store.tables.base import Base, Moment, Money, Payload
from service.store.tables.corpus import (
    AdSpendRow,
    CustomerRow,
    DealRow,
    DocumentRow,
    ForgottenRow,
    RejectRow,
    SourceFileRow,
    StakeholderTextRow,
    Upload,
    UtteranceRow,
    VectorRow,
)
from service.store.tables.edits import LineageRow, SegmentEditRow
from service.store.tables.mappings import ColumnMappingRow
from service.store.tables.merging import CustomerDecisionRow, ForgettingRow, MergeLogRow
from service.store.tables.results import (
    ArrivalRow,
    AssignmentRow,
    BriefRow,
    ClaimRow,
    ConfirmationRow,
    MeasureRow,
    ResultRow,
    RunRow,
    SegmentRow,
)
from service.store.tables.speaking import SpeakerRolesRow
from service.store.tables.workspaces import ApiKey, AuditRow, Workspace

__all__ = [
    "AdSpendRow",
    "ApiKey",
    "ArrivalRow",
    "AssignmentRow",
    "AuditRow",
    "Base",
    "BriefRow",
    "ClaimRow",
    "ColumnMappingRow",
    "ConfirmationRow",
    "CustomerDecisionRow",
    "CustomerRow",
    "DealRow",
    "DocumentRow",
    "ForgettingRow",
    "ForgottenRow",
    "LineageRow",
    "MeasureRow",
    "MergeLogRow",
    "Moment",
    "Money",
    "Payload",
    "RejectRow",
    "ResultRow",
    "RunRow",
    "SegmentEditRow",
    "SegmentRow",
    "SourceFileRow",
    "SpeakerRolesRow",
    "StakeholderTextRow",
    "Upload",
    "UtteranceRow",
    "VectorRow",
    "Workspace",
]
