"""The personas step: the stakeholders' texts into claims with readings, people's corrections laid over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.model import TextKind
from service.core.progress import Progress, silent
from service.core.settings import Settings
from service.corpus.model import Corpus, CorpusText
from service.corpus.repository import load_corpus
from service.embedding.encoder import encoder_for
from service.embedding.vectors import Floats, cached_vectors
from service.llm.asker import asking
from service.personas.aliases import IGNORED, NOBODY
from service.personas.company import Company
from service.personas.model import Claim, Reading, Subject
from service.personas.proposals import propose
from service.personas.repository import load_confirmations, save_personas, save_proposals
from service.personas.subjects import ReadPersonas, read_personas
from service.personas.voices import Voices
from service.segments.edits import merges
from service.segments.model import Segmentation
from service.segments.repository import load_log, load_segmentation
from service.store.db import Store


def run(store: Store, settings: Settings, workspace: str, run_id: str, progress: Progress = silent) -> None:
    """Read the personas of `run_id`; doing it again replaces its claims."""
    encoder = encoder_for(settings)
    with store.session() as session:
        corpus = load_corpus(session, workspace, settings)
        segmentation = load_segmentation(session, workspace, run_id)
        confirmed = load_confirmations(session, workspace)
        texts = persona_texts(corpus)
        progress(0, len(texts) + 1)

        def vectors(wanted: Sequence[str]) -> Floats:
            return cached_vectors(session, workspace, encoder, wanted)

        company = Company(corpus, segmentation, Voices(corpus, segmentation), vectors)
        known = {s.id for s in segmentation.segments} | {NOBODY, IGNORED, None}
        into = merges(load_log(session, workspace))  # what was said of a merged segment holds for the whole
        aliases = {key: into.get(segment or "", segment) for key, segment in confirmed.aliases.items()}
        aliases = {key: segment for key, segment in aliases.items() if segment in known}
        found = with_corrections(read_personas(texts, company, aliases), confirmed.claims, segmentation, into)
        save_personas(session, workspace, run_id, found)
    with asking(store, settings, workspace, run_id) as asker:  # outside of any transaction: answers are kept at once
        proposed = propose(found.claims, segmentation.segments, corpus.language, asker) if asker else ()
    with store.session(write=True) as session:
        save_proposals(session, workspace, run_id, proposed)
    progress(len(texts) + 1, len(texts) + 1)


def persona_texts(corpus: Corpus) -> list[CorpusText]:
    """The stakeholders' texts, in file order; a persona of nobody in particular is left out."""
    return [t for t in corpus.texts if t.text.kind is TextKind.PERSONA and t.text.stakeholder is not None]


def with_corrections(
    found: ReadPersonas,
    corrected: Mapping[str, Claim],
    segmentation: Segmentation,
    merged: Mapping[str, str] | None = None,
) -> ReadPersonas:
    """Readings replaced by what people said of the same sentence; subjects whose segment is gone stay open.

    A sentence that a person says is no claim has no thoughts, and is left out.
    `merged`: segment → the one that people have merged it into.
    """
    known = {s.id: s.id for s in segmentation.segments}
    known |= {segment: into for segment, into in (merged or {}).items() if segment not in known and into in known}
    by_words = {(c.stakeholder, _words(c.sentence)): c for _, c in sorted(corrected.items())}
    claims, left_out = [], 0
    for claim in found.claims:
        # A persona under another file name keeps its corrections: the stakeholder and the sentence are the same.
        said = corrected.get(claim.id) or by_words.get((claim.stakeholder, _words(claim.sentence)))
        if said is None:
            claims.append(claim)
        elif not said.atoms:
            left_out += 1
        else:
            atoms = tuple(_still(a, known) for a in said.atoms)
            claims.append(replace(claim, atoms=atoms, confirmed=True, read=claim.atoms))
    return ReadPersonas(tuple(claims), found.aliases, found.dropped + left_out)


def _words(sentence: str) -> str:
    return " ".join(sentence.lower().split())


def _still(atom: Reading, known: Mapping[str, str]) -> Reading:
    other = _subject(atom.other, known) if atom.other else None
    return replace(atom, subject=_subject(atom.subject, known), other=other)


def _subject(subject: Subject, known: Mapping[str, str]) -> Subject:
    if subject.kind != "segment":
        return subject
    if subject.segment is None or subject.segment not in known:
        return Subject("unresolved", mention=subject.mention)
    return replace(subject, segment=known[subject.segment])
