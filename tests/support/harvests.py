"""Small harvests, as the ingest pipeline hands them over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from ingest.model import (
    AdSpend,
    Deal,
    DealStatus,
    Document,
    DocumentKind,
    Flag,
    Harvest,
    Reject,
    SourceFile,
    Speaker,
    Stakeholder,
    StakeholderText,
    TextKind,
    Utterance,
)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def a_document(
    ref: str = "calls/one.txt",
    *said: str,
    keys: tuple[str, ...] = ("phone:1",),
    language: str = "ru",
    kind: DocumentKind = DocumentKind.CALL,
    flags: tuple[Flag, ...] = (),
) -> Document:
    """A call whose even utterances are the agent's, or a note that is all the customer's."""
    texts = said or ("Добрый день, компания.", "Мне нужен стол у окна на месяц.")
    call = kind is DocumentKind.CALL
    utterances = tuple(
        Utterance(Speaker.AGENT if call and i % 2 == 0 else Speaker.CUSTOMER, text, start=float(i) if call else None)
        for i, text in enumerate(texts)
    )
    return Document(
        ref=ref,
        kind=kind,
        reader="transcript",
        utterances=utterances,
        keys=keys,
        language=language,
        content_hash=sha("\n".join(texts)),
        occurred_at=datetime(2026, 3, 1, 10, 30),
        roles="labelled" if call else "written",
        flags=flags,
    )


def a_deal(
    ref: str = "deals.csv#1", keys: tuple[str, ...] = ("deal:1", "phone:1"), amount: str = "1000.50", **more: object
) -> Deal:
    """A won deal."""
    return Deal(
        ref=ref,
        keys=keys,
        status=DealStatus.WON,
        created_on=date(2026, 2, 1),
        amount=Decimal(amount),
        **more,  # type: ignore[arg-type]
    )


def a_spend(ref: str = "ads.csv#1", currency: str | None = None) -> AdSpend:
    """A day of advertising."""
    return AdSpend(
        ref=ref, day=date(2026, 2, 1), platform="vk", campaign="Весна", ad=None, spend=Decimal("99.99"),
        currency=currency,
    )  # fmt: skip


def a_persona(text: str = "Наш клиент — фрилансер.", stakeholder: Stakeholder = Stakeholder.SALES) -> StakeholderText:
    """A persona."""
    return StakeholderText(
        ref=f"personas/{stakeholder.value}.md",
        kind=TextKind.PERSONA,
        name=stakeholder.value,
        text=text,
        language="ru",
        content_hash=sha(text),
        stakeholder=stakeholder,
        attributes=(("author", "[name-1]"),),
    )


def a_harvest(
    documents: Iterable[Document] = (),
    deals: Iterable[Deal] = (),
    spend: Iterable[AdSpend] = (),
    texts: Iterable[StakeholderText] = (),
    rejects: Iterable[Reject] = (),
    customer_of: dict[str, str] | None = None,
    empty_files: Iterable[str] = (),
) -> Harvest:
    """A harvest whose files follow from the references; a customer's id is the first key unless told."""
    documents, deals, spend, texts = tuple(documents), tuple(deals), tuple(spend), tuple(texts)
    records = (*documents, *deals, *spend, *texts)
    paths = sorted({record.ref.split("#")[0] for record in records} | set(empty_files))
    rows = {path: [r for r in records if r.ref.split("#")[0] == path] for path in paths}
    joined = {record.ref: f"c-{record.keys[-1]}" for record in (*documents, *deals)}
    return Harvest(
        files=tuple(SourceFile(path, sha(repr(rows[path])), "reader", len(rows[path])) for path in paths),
        documents=documents,
        deals=deals,
        ad_spend=spend,
        texts=texts,
        rejects=tuple(rejects),
        customer_of=joined | (customer_of or {}),
        redactions={"phone": 2, "name": 0},
    )
