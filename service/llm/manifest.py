"""What a run's manifest says of the language model. Never the key, never an address in the clear."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from prompts.catalog import versions
from service.core.settings import Settings
from service.llm.client import clients_of
from service.llm.repository import bill_of


def asked_with(settings: Settings) -> dict[str, Any]:
    """Model, output method and versions of the prompts: they change results. Empty where no model is set.

    BadInput where the settings name a model that cannot be one.
    """
    if settings.llm is None:
        return {}
    names = [client.name for client in clients_of(settings)]
    address = hashlib.sha256((settings.llm_base_url or "").encode()).hexdigest()[:12]
    found: dict[str, Any] = {"models": names, "address": address, "output": settings.llm_output, "prompts": versions()}
    return found


def billed(session: Session, workspace: str, run_id: str, settings: Settings) -> dict[str, Any]:
    """The bill of a run as its manifest keeps it; empty where nothing was asked."""
    bill = bill_of(session, workspace, run_id, settings.llm_currency)
    return asdict(bill) if bill is not None else {}
