"""Deleting a company: its evidence index, then everything in SQL."""

from __future__ import annotations

from service.core.settings import Settings
from service.embedding.index import drop_index
from service.embedding.vectors import models_of
from service.store.db import Store
from service.store.workspaces import delete_workspace, require_deletable


def delete_company(store: Store, settings: Settings, workspace: str, typed: str) -> None:
    """Delete a company for good; `typed` must be its id. The index goes first: what SQL still holds can rebuild it.

    NotFound, BadInput and Conflict as `delete_workspace` raises them, before anything is gone.
    """
    with store.session() as session:
        require_deletable(session, workspace, typed)
        models = models_of(session, workspace)
    for model, dimension in models:
        drop_index(settings, workspace, model, dimension)
    with store.session(write=True) as session:
        delete_workspace(session, workspace, typed)
