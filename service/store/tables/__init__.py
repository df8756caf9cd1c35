"""Every table. Each row belongs to a workspace; results belong to a run."""

from service.store.tables.base import Base, Moment, Money, Payload
from service.store.tables.cards import CardEditRow
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
from service.store.tables.model_answers import ModelAnswerRow, ModelCallRow
from service.store.tables.people import (
    AttemptRow,
    InstallationRow,
    MembershipRow,
    PersonRow,
    SessionRow,
    ShareRow,
    TicketRow,
)
from service.store.tables.publishing import BriefDecisionRow, BriefVersionRow, DeliveryRow, WebhookRow
from service.store.tables.receiving import HookDeliveryRow, HookRow, KeptRow
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
    "AttemptRow",
    "AuditRow",
    "Base",
    "BriefDecisionRow",
    "BriefRow",
    "BriefVersionRow",
    "CardEditRow",
    "ClaimRow",
    "ColumnMappingRow",
    "ConfirmationRow",
    "CustomerDecisionRow",
    "CustomerRow",
    "DealRow",
    "DeliveryRow",
    "DocumentRow",
    "ForgettingRow",
    "ForgottenRow",
    "HookDeliveryRow",
    "HookRow",
    "InstallationRow",
    "KeptRow",
    "LineageRow",
    "MeasureRow",
    "MembershipRow",
    "MergeLogRow",
    "ModelAnswerRow",
    "ModelCallRow",
    "Moment",
    "Money",
    "Payload",
    "PersonRow",
    "RejectRow",
    "ResultRow",
    "RunRow",
    "SegmentEditRow",
    "SegmentRow",
    "SessionRow",
    "ShareRow",
    "SourceFileRow",
    "SpeakerRolesRow",
    "StakeholderTextRow",
    "TicketRow",
    "Upload",
    "UtteranceRow",
    "VectorRow",
    "WebhookRow",
    "Workspace",
]
