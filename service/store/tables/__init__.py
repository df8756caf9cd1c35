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
from service.store.tables.results import (
    AssignmentRow,
    BriefRow,
    ClaimRow,
    ConfirmationRow,
    MeasureRow,
    ResultRow,
    RunRow,
    SegmentRow,
)
from service.store.tables.workspaces import ApiKey, AuditRow, Workspace

__all__ = [
    "AdSpendRow",
    "ApiKey",
    "AssignmentRow",
    "AuditRow",
    "Base",
    "BriefRow",
    "ClaimRow",
    "ConfirmationRow",
    "CustomerRow",
    "DealRow",
    "DocumentRow",
    "ForgottenRow",
    "MeasureRow",
    "Moment",
    "Money",
    "Payload",
    "RejectRow",
    "ResultRow",
    "RunRow",
    "SegmentRow",
    "SourceFileRow",
    "StakeholderTextRow",
    "Upload",
    "UtteranceRow",
    "VectorRow",
    "Workspace",
]
