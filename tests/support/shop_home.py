"""A home folder that holds the made-up repair shop, analysed by the real cycle with vectors made of words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from harvests import a_harvest, sha
from numpy.typing import NDArray
from talking_shop import GROUPS, shop, word_vectors

from ingest.model import StakeholderText
from service.cli import main
from service.core.clock import now
from service.core.ids import random_id
from service.core.progress import Progress, silent
from service.core.settings import Settings
from service.corpus.repository import save_harvest, seen_files
from service.embedding.encoder import Encoder
from service.segments import consensus
from service.segments.model import Segmentation
from service.segments.repository import load_segmentation
from service.store.db import Store, ensure_workspace, open_store
from service.store.runs import latest_done
from service.store.tables import Upload

LOOKS = 6
"""The shop's groups are plain: six looks find them."""


def by_words(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """No sentence model, few looks, no index; the home in the environment."""

    def encode(self: Encoder, texts: Sequence[str], progress: Progress = silent) -> NDArray[np.float32]:
        return word_vectors(texts)

    monkeypatch.setattr(Encoder, "encode", encode)
    monkeypatch.setattr(consensus, "LOOKS", LOOKS)
    monkeypatch.setenv("WHOBUYS_HOME", str(home))
    monkeypatch.setenv("WHOBUYS_LANGUAGE", "ru")
    monkeypatch.setenv("WHOBUYS_EVIDENCE_INDEX", "false")


def put_shop(
    store: Store, per_group: int = 14, texts: Sequence[StakeholderText] = (), workspace: str = "default"
) -> dict[str, str]:
    """Save the shop's documents and deals; returns the group of every customer. More per group adds to fewer."""
    corpus, group_of = shop(per_group, outsiders=3)
    documents = [replace(item.document, keys=(f"crm:{sha(item.customer)}",)) for item in corpus.documents]
    deals = [replace(deal.deal, keys=(f"deal:{sha(deal.deal.ref)}",)) for deal in corpus.deals]
    customer_of = {item.document.ref: item.customer for item in corpus.documents}
    customer_of |= {item.deal.ref: item.customer for item in corpus.deals}
    harvest = a_harvest(documents, deals, texts=texts, customer_of=customer_of)
    with store.session(write=True) as session:
        ensure_workspace(session, workspace)
        upload = random_id("u_")
        save_harvest(session, workspace, harvest, upload, seen_files(session, workspace))
        session.add(Upload(workspace_id=workspace, id=upload, created_at=now(), receipt={"language": "ru"}))
    return group_of


class ShopHome:
    """The shop through its command line."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.settings = home, Settings(home=home)
        self._capsys = capsys

    def run(self, *words: str) -> tuple[int, str, str]:
        """(status, output, errors) of a command."""
        self._capsys.readouterr()
        status = main(list(words))
        said = self._capsys.readouterr()
        return status, said.out, said.err

    def json(self, *words: str) -> Any:
        """What a command that must succeed answers."""
        status, out, err = self.run(*words, "--json")
        assert status == 0, err
        return json.loads(out)

    def refused(self, *words: str) -> str:
        """The sentence of a command that must be refused."""
        status, _, err = self.run(*words)
        assert status == 2, err
        return err

    def store(self) -> Store:
        """The database, to be closed by the caller."""
        return open_store(self.settings)

    def put(self, per_group: int) -> None:
        """More customers come."""
        store = self.store()
        put_shop(store, per_group)
        store.close()

    def segmentation(self) -> Segmentation:
        """The latest run's."""
        store = self.store()
        with store.session() as session:
            found = load_segmentation(session, "default", latest_done(session, "default").id)
        store.close()
        return found

    def places(self) -> dict[str, str | None]:
        """Customer → segment id, or the status of who is in none."""
        real = {segment.id for segment in self.segmentation().segments if segment.kind == "segment"}
        return {a.customer: a.segment if a.segment in real else a.status for a in self.segmentation().assignments}


def segment_of_group(places: dict[str, str | None], group_of: dict[str, str]) -> dict[str, str]:
    """Planted group → the segment most of its customers are in."""
    found = {}
    for group in GROUPS:
        inside = [places[c] for c, g in group_of.items() if g == group and places.get(c, "").startswith("s_")]
        found[group] = max(sorted(set(inside)), key=inside.count)
    return found
