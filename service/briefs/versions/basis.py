"""What the briefs of a run rest on, kept beside them so that the next version can say why it differs."""

from __future__ import annotations

from importlib import metadata

from service.briefs.inputs import BriefInputs
from service.briefs.versions.model import Basis


def basis_of(inputs: BriefInputs, edits: int = 0) -> Basis:
    """Counts of the data, marks of the company's texts, edits of segments in force, the product's version."""
    corpus = inputs.corpus
    counted: dict[str, int] = {}
    texts = []
    for text in corpus.texts:
        name = f"{text.text.kind}/{text.text.stakeholder}" if text.text.stakeholder else str(text.text.kind)
        counted[name] = counted.get(name, 0) + 1
        texts.append((f"{name}/{counted[name]}" if counted[name] > 1 else name, text.text.content_hash[:12]))
    return Basis(
        documents=len(corpus.documents),
        customers=len(corpus.customers),
        deals=len(corpus.deals),
        texts=tuple(sorted(texts)),
        edits=edits,
        product=metadata.version("whobuys"),
    )
