"""A made-up repair shop whose customers come for three reasons: a corpus with known groups, in either language."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.model import Deal, DealStatus, Document, DocumentKind, Speaker, Utterance
from service.corpus.model import Corpus, CorpusDeal, CorpusDocument
from service.segments.words import lemmas

GROUPS: dict[str, tuple[str, ...]] = {
    "students": (
        "мне нужен ноутбук к экзамену починить",
        "учусь в институте, стипендия маленькая",
        "дипломная работа осталась на диске",
        "общежитие рядом, принесу после лекции",
        "экран разбил на лекции, а сессия через неделю",
    ),
    "parents": (
        "дочка уронила планшет, на нём школьные задания",
        "сын залил клавиатуру соком перед школой",
        "ребёнок играет, планшет совсем не заряжается",
        "детский режим слетел, дочка смотрит что попало",
        "учительница прислала задания, а планшет у ребёнка не включается",
    ),
    "offices": (
        "у нас в бухгалтерии пять принтеров, нужен договор",
        "оплата по счёту, закрывающие документы обязательны",
        "сервер в офисе шумит, сотрудники жалуются",
        "юридическое лицо, акт и счёт по почте",
        "договор на обслуживание офиса на год, сотрудников двадцать",
    ),
}
SHARED = (
    "сколько это будет стоить",
    "далеко до вас добираться от центра",
    "а гарантия какая у вас",
    "можно ли сегодня забрать вечером",
)


def shop(per_group: int = 20, outsiders: int = 6, seed: int = 1, prefix: str = "c") -> tuple[Corpus, dict[str, str]]:
    """A corpus of three groups of customers with two or three documents each, and the group of every customer."""
    rng = random.Random(seed)
    documents: list[CorpusDocument] = []
    deals: list[CorpusDeal] = []
    group_of: dict[str, str] = {}
    for group, lines in GROUPS.items():
        for number in range(per_group):
            customer = f"{prefix}_{hashlib.sha256(f'{prefix}{group}{number}'.encode()).hexdigest()[:8]}"
            group_of[customer] = group
            for part in range(rng.choice((2, 3))):
                said = [*rng.sample(lines, 2), rng.choice(SHARED)]
                rng.shuffle(said)
                kind = DocumentKind.CALL if part == 0 else DocumentKind.AD_RESPONSE
                documents.append(written(f"{group}/{number}-{part}.txt", customer, said, kind))
            if number % 3 == 0:
                deal = Deal(f"deals.csv#{group}{number}", (), DealStatus.WON)
                deals.append(CorpusDeal(f"d_{group}{number}", customer, deal))
    for number in range(outsiders):
        customer = f"{prefix}_out{number}"
        group_of[customer] = "outsider"
        said = ["ой, извините, я ошибся номером"]
        documents.append(written(f"noise/{number}.txt", customer, said, DocumentKind.CALL))
    return corpus_of(documents, deals), group_of


def written(ref: str, customer: str, said: Sequence[str], kind: DocumentKind) -> CorpusDocument:
    """A document in which the customer says `said`."""
    utterances = tuple(Utterance(Speaker.CUSTOMER, text) for text in said)
    digest = hashlib.sha256("\n".join(said).encode()).hexdigest()
    return CorpusDocument(f"d_{ref}", customer, Document(ref, kind, "test", utterances, (), "ru", digest))


def corpus_of(documents: Sequence[CorpusDocument], deals: Sequence[CorpusDeal] = ()) -> Corpus:
    """A corpus in id order, as the repository gives it."""
    return Corpus(
        workspace="w",
        language="ru",
        currency="RUB",
        documents=tuple(sorted(documents, key=lambda document: document.id)),
        deals=tuple(sorted(deals, key=lambda deal: deal.id)),
        ad_spend=(),
        texts=(),
        input_hash="test",
    )


def word_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Sentence vectors without a model: the sum of a fixed random vector per lemma, unit length. (n, 64)."""
    out = np.zeros((len(texts), 64), dtype=np.float64)
    for row, text in enumerate(texts):
        for word in lemmas(text):
            seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
            out[row] += np.random.default_rng(seed).normal(size=64)
    norms = np.linalg.norm(out, axis=1, keepdims=True)
    return (out / np.where(norms > 0, norms, 1)).astype(np.float32)
