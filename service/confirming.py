"""A person's word on claim cards and names: kept with who and when, judged at once, briefs written anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from service import flow
from service.comparison import step as comparison
from service.comparison.model import Comparison, JudgedClaim
from service.comparison.repository import load_comparison
from service.core.errors import BadInput, NotFound
from service.core.settings import Settings
from service.corpus.repository import load_corpus
from service.personas import repository
from service.personas.aliases import IGNORED, NOBODY
from service.personas.cards import EVERYBODY, Known, Said, corrected
from service.personas.cases import cases_of
from service.personas.model import Alias, Claim
from service.personas.repository import CardEdit
from service.segments.repository import load_segmentation
from service.store.db import Store
from service.store.runs import Run, latest_done, result_hash, run_row


@dataclass(frozen=True)
class Kept:
    """How many corrections were kept, and how many verdicts are others now."""

    claims: int
    aliases: int
    changed: int


@dataclass(frozen=True)
class Confirmer:
    """Somebody at the cards of a workspace's latest run. Every method keeps what was said and judges again at once.

    Raises NotReady before the first analysis; NotFound, BadInput or Conflict, changing nothing, for what cannot be.
    """

    store: Store
    settings: Settings
    workspace: str
    who: str

    def file(self, cards: Mapping[str, Any]) -> Kept:
        """Take `{"claims": […], "aliases": […]}` as `whobuys claims --json` gives it, corrected."""
        return self._made(lambda session, run: repository.save_confirmations(session, self.workspace, cards, self.who))

    def cards(
        self, said: Mapping[str, Sequence[Said] | None], aliases: Mapping[str, str] | None = None, ref: str = ""
    ) -> Kept:
        """Readings by claim id (None: as it stands; empty: no claim) and whom names stand for, by key.

        `ref`: only claims of that text may be named.
        """

        def keep(session: Session, run: Run) -> dict[str, int]:
            found = load_comparison(session, self.workspace, run.id)
            known = known_to(session, self.settings, self.workspace, run.id)
            claims = {judged.claim.id: judged.claim for judged in found.claims if ref in ("", judged.claim.ref)}
            now = [corrected(_named(claims, key), atoms, known) for key, atoms in said.items()]
            names = [_aliased(found, key, whom, known) for key, whom in (aliases or {}).items()]
            kept = [repository.keep(session, self.workspace, "claim", claim.id, claim, self.who) for claim in now]
            tied = [repository.keep(session, self.workspace, "alias", name.lemma, name, self.who) for name in names]
            return {"claims": sum(kept), "aliases": sum(tied)}

        return self._made(keep)

    def forget(self, claim_id: str) -> Kept:
        """Let the machine's reading of a card hold again."""

        def keep(session: Session, run: Run) -> dict[str, int]:
            if claim_id not in repository.load_confirmations(session, self.workspace).claims:
                raise NotFound(f"Nobody corrected card {claim_id!r}.", ru=f"Карточку {claim_id!r} никто не правил.")
            return {"claims": int(repository.keep(session, self.workspace, "claim", claim_id, None, self.who))}

        return self._made(keep)

    def undo(self, edit_id: str) -> CardEdit:
        """Take back a correction, or an undo."""
        made: list[CardEdit] = []

        def keep(session: Session, run: Run) -> dict[str, int]:
            made.append(repository.undo(session, self.workspace, edit_id, self.who))
            return {"claims": 1}

        self._made(keep)
        return made[0]

    def _made(self, keep: Callable[[Session, Run], Mapping[str, int]]) -> Kept:
        with self.store.alone(f"claim cards of {self.workspace}"):
            with self.store.session() as session:
                run = latest_done(session, self.workspace)
            fresh = not flow.is_stale(self.store, self.settings, run)
            with self.store.session(write=True) as session:
                before = load_comparison(session, self.workspace, run.id)
                counted = keep(session, run)
            if not any(counted.values()):
                return Kept(0, 0, 0)
            comparison.rejudge(self.store, self.settings, self.workspace, run.id)
            self._follow(run, fresh)
            with self.store.session() as session:
                after = load_comparison(session, self.workspace, run.id)
        return Kept(counted.get("claims", 0), counted.get("aliases", 0), _changed(before, after))

    def _follow(self, run: Run, fresh: bool) -> None:
        """Write the briefs anew, and note that the run's results follow from what holds now (if they did before)."""
        from service.briefs import step as briefs
        from service.core.progress import silent

        briefs.run(self.store, self.settings, self.workspace, run.id, silent)
        if fresh:
            flow.bring_up_to_date(self.store, self.settings, run)
        with self.store.session(write=True) as session:
            run_row(session, self.workspace, run.id).result_hash = result_hash(session, self.workspace, run.id)
        flow.send_messages(self.store, self.settings)


def known_to(session: Session, settings: Settings, workspace: str, run_id: str) -> Known:
    """What a card of the run may name."""
    corpus = load_corpus(session, workspace, settings)
    segmentation = load_segmentation(session, workspace, run_id)
    campaigns = tuple(sorted({row.campaign for row in corpus.ad_spend if row.campaign}))
    segments = {segment.id: segment.name for segment in segmentation.segments if segment.kind == "segment"}
    return Known(segments, campaigns, corpus.language)


def confirmed_cases(session: Session, settings: Settings, workspace: str) -> dict[str, Any]:
    """What people confirmed, as cases that measure reading; sentences as their latest correction has them."""
    said = repository.load_confirmations(session, workspace).claims
    language = {text.text.ref: text.text.language for text in load_corpus(session, workspace, settings).texts}
    return cases_of([claim for _, claim in sorted(said.items())], language)


def _named(claims: Mapping[str, Claim], key: str) -> Claim:
    if key not in claims:
        raise NotFound(f"No claim {key!r} in the latest run.", ru=f"В последнем прогоне нет утверждения {key!r}.")
    return claims[key]


def _aliased(found: Comparison, key: str, whom: str, known: Known) -> Alias:
    name = next((alias for alias in found.aliases if alias.lemma == key), None)
    if name is None:
        raise NotFound(f"No name {key!r} in the personas.", ru=f"Имени {key!r} в портретах нет.")
    if whom not in (EVERYBODY, NOBODY, IGNORED) and whom not in known.segments:
        raise BadInput(f"There is no segment {whom!r}.", ru=f"Сегмента {whom!r} нет.")
    return Alias(name.mention, key, None if whom == EVERYBODY else whom, 1.0, confirmed=True)


def _changed(before: Comparison, after: Comparison) -> int:
    """Claims whose verdict is another one, or that came or went."""
    was, now = _verdicts(before.claims), _verdicts(after.claims)
    return sum(was.get(key) != now.get(key) for key in {*was, *now})


def _verdicts(claims: Sequence[JudgedClaim]) -> dict[str, str]:
    return {judged.claim.id: judged.verdict.value for judged in claims}
