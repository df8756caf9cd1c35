"""A person's word on the segments: checked, put into the log, and shown at once where nothing has to be computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.core.errors import BadInput, Conflict, NotFound
from service.core.ids import stable_id
from service.core.settings import Settings
from service.segments.edits import (
    MOST_PARTS,
    Change,
    Edit,
    Known,
    Part,
    checked_exclude,
    checked_merge,
    checked_pin,
    checked_rename,
    checked_undo,
)
from service.segments.model import Segmentation
from service.segments.repository import (
    append_edit,
    customer_named,
    document_of,
    known_to,
    load_log,
    load_segmentation,
    new_edit_id,
    require_version,
    segment_named,
    touched_by_undo,
)
from service.store.db import Store
from service.store.runs import Run, latest_done, result_hash, run_row


@dataclass(frozen=True)
class Sight:
    """What an edit is decided on: the latest finished run, its segments, what may be named, the log so far."""

    session: Session
    run: Run
    segmentation: Segmentation
    known: Known
    log: list[Edit]

    def members(self, segment: str) -> list[str]:
        """Customers shown in a segment. Conflict for one that only the next run will show."""
        if segment in self.known.names and segment not in self.known.shown:
            raise Conflict(
                f"Segment {segment!r} appears with the next analysis; run it first.",
                ru=f"Сегмент {segment!r} появится после следующего анализа; сначала запустите его.",
            )
        if segment not in self.known.names:
            raise NotFound(f"No segment {segment!r}.", ru=f"Сегмента {segment!r} нет.")
        return sorted(a.customer for a in self.segmentation.assignments if a.segment == segment)


@dataclass(frozen=True)
class Editor:
    """Somebody at the segments of a workspace. `version`: what they saw (`version_of`), None for whatever is there.

    Segments may be named by id or name, customers by id or a document of theirs. Every method returns the line of the
    log it made, or raises NotFound, BadInput or Conflict and changes nothing.
    """

    store: Store
    settings: Settings
    workspace: str
    who: str
    version: str | None = None

    def rename(self, segment: str, name: str) -> Edit:
        """Call a segment something; shown at once on pages, in exports and in the briefs."""
        return self._made(lambda at: checked_rename(at.known, segment_named(at.known, segment), name))

    def merge(self, segment: str, into: str) -> Edit:
        """Put a segment into another, whose id and name stay."""
        return self._made(
            lambda at: checked_merge(at.known, segment_named(at.known, segment), segment_named(at.known, into))
        )

    def pin(self, customer: str, segment: str) -> Edit:
        """Hold a customer in a segment, whatever their words say."""

        def change(at: Sight) -> Change:
            who = customer_named(at.session, self.workspace, customer)
            document = document_of(at.session, self.workspace, who)
            return checked_pin(at.known, who, segment_named(at.known, segment), document)

        return self._made(change)

    def exclude(self, customer: str) -> Edit:
        """Count a customer nowhere: no customer at all."""

        def change(at: Sight) -> Change:
            who = customer_named(at.session, self.workspace, customer)
            return checked_exclude(at.known, who, document_of(at.session, self.workspace, who))

        return self._made(change)

    def undo(self, edit_id: str) -> Edit:
        """Take back an edit, or an undo."""
        return self._made(lambda at: checked_undo(at.log, edit_id))

    def split_off(self, segment: str, groups: Sequence[Sequence[str]]) -> Edit:
        """Make each group of named customers a segment of its own; the others stay what the segment is."""
        edit_id = new_edit_id()

        def change(at: Sight) -> Change:
            found = segment_named(at.known, segment)
            people = at.members(found)
            chosen = [self._customers(at, group) for group in groups]
            _require_groups(people, chosen)
            listed = {customer for group in chosen for customer in group}
            rest = tuple(customer for customer in people if customer not in listed)
            return Change("split", found, parts=(Part(found, rest), *_new_parts(edit_id, chosen)))

        return self._made(change, edit_id)

    def split(self, segment: str, count: int) -> Edit:
        """Let the segment fall into `count` parts by what its customers say; the largest keeps id and name."""
        if not 2 <= count <= MOST_PARTS:
            raise BadInput(f"Between 2 and {MOST_PARTS} parts.", ru=f"Частей может быть от 2 до {MOST_PARTS}.")
        with self.store.session() as session:
            at = self._sight(session)
            found = segment_named(at.known, segment)
            people = at.members(found)
            proposed = _shown_parts(at.segmentation, found, people, count) or _proposed(
                session, self.settings, self.workspace, at.segmentation, people, count
            )
        edit_id = new_edit_id()
        change = Change("split", found, parts=(Part(found, proposed[0]), *_new_parts(edit_id, proposed[1:])))

        def still(at: Sight) -> Change:
            if at.members(found) != people:
                raise Conflict(
                    "The segment changed meanwhile; try again.", ru="Сегмент тем временем изменился; попробуйте снова."
                )
            return change

        return self._made(still, edit_id)

    def _customers(self, at: Sight, group: Sequence[str]) -> tuple[str, ...]:
        named = (customer.strip() for customer in group)
        return tuple(sorted({customer_named(at.session, self.workspace, one) for one in named if one}))

    def _sight(self, session: Session) -> Sight:
        run = latest_done(session, self.workspace)
        segmentation = load_segmentation(session, self.workspace, run.id)
        known = known_to(session, self.workspace, run, segmentation)
        return Sight(session, run, segmentation, known, load_log(session, self.workspace))

    def _made(self, decide: Callable[[Sight], Change], edit_id: str | None = None) -> Edit:
        with self.store.session(write=True) as session:
            at = self._sight(session)
            change = decide(at)
            touched = Edit("", 0, change, "", at.run.created_at).touches or touched_by_undo(at.log, change.undoes or "")
            require_version(at.run, at.log, self.version, touched)
            edit = append_edit(session, self.workspace, change, self.who, edit_id)
            renamed = {segment.id: segment.name for segment in at.segmentation.segments} != {
                segment.id: segment.name for segment in load_segmentation(session, self.workspace, at.run.id).segments
            }
        if renamed:
            _rewrite(self.store, self.settings, self.workspace, at.run.id)
        return edit


def _require_groups(people: Sequence[str], chosen: Sequence[Sequence[str]]) -> None:
    """Every group has customers, all of them members, none twice, and somebody stays."""
    listed = [customer for group in chosen for customer in group]
    strangers = sorted(set(listed) - set(people))
    if strangers:
        raise BadInput(
            f"{len(strangers)} of the customers named are not in the segment, the first is {strangers[0]!r}.",
            ru=f"Из названных клиентов не в этом сегменте: {len(strangers)}, первый — {strangers[0]!r}.",
        )
    if len(set(listed)) < len(listed):
        raise BadInput("A customer is named in two parts.", ru="Клиент назван сразу в двух частях.")
    if not chosen or not all(chosen) or len(listed) == len(people):
        raise BadInput(
            "Name some customers of the segment, not none and not all.",
            ru="Назовите часть клиентов сегмента: не никого и не всех.",
        )


def _new_parts(edit_id: str, groups: Sequence[Sequence[str]]) -> list[Part]:
    return [Part(stable_id("s_", edit_id, str(n)), tuple(group)) for n, group in enumerate(groups, 1)]


def _shown_parts(shown: Segmentation, segment: str, people: Sequence[str], count: int) -> list[tuple[str, ...]]:
    """The sub-segments that the pages show already, where they are as many as asked for; else none."""
    inside = set(people)
    parts = next((found.parts for found in shown.segments if found.id == segment), ())
    groups = [tuple(sorted(inside.intersection(part.members))) for part in parts]
    return groups if len(groups) == count and sum(map(len, groups)) == len(people) and all(groups) else []


def _proposed(
    session: Session, settings: Settings, workspace: str, shown: Segmentation, people: Sequence[str], count: int
) -> list[tuple[str, ...]]:
    from service.corpus.repository import load_corpus
    from service.embedding.encoder import encoder_for
    from service.embedding.vectors import Floats, cached_vectors
    from service.segments.material import keep_customers, material_of
    from service.segments.parts import positions_in, proposed_parts, space_of

    encoder = encoder_for(settings)

    def vectors(texts: Sequence[str]) -> Floats:
        return cached_vectors(session, workspace, encoder, texts)

    texts = material_of(load_corpus(session, workspace, settings)).texts
    outside = shown.outsiders()
    kept = keep_customers(texts, [customer for customer in texts.customers if customer not in outside])
    positions = positions_in(space_of(kept, vectors, settings.seed), texts, vectors)
    return proposed_parts(people, positions, count, settings.seed)


def _rewrite(store: Store, settings: Settings, workspace: str, run_id: str) -> None:
    """Write the briefs of a run anew under the names people gave; whoever keeps results by their hash reads again."""
    from service import flow
    from service.briefs import step as briefs
    from service.core.progress import silent

    briefs.run(store, settings, workspace, run_id, silent)
    flow.send_messages(store, settings)
    with store.session(write=True) as session:
        run_row(session, workspace, run_id).result_hash = result_hash(session, workspace, run_id)
