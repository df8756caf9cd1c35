"""A small made-up company for tests of briefs, built by hand: a sewing school (ru) and a swimming school (en).

Three segments in both: many people of an advertised crowd who hardly buy, a steady one named by sales, and a
rich one that no portrait mentions. Agents answer the crowd's doubts in one of two ways, one of which wins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from ingest.model import (
    AdSpend,
    Deal,
    DealStatus,
    Document,
    DocumentKind,
    Speaker,
    Stakeholder,
    StakeholderText,
    TextKind,
    Utterance,
)
from service.briefs.inputs import BriefInputs
from service.comparison.model import Agreement, Comparison, Coverage, Divergence, Finding, JudgedClaim, Verdict
from service.corpus.model import Corpus, CorpusDeal, CorpusDocument, CorpusText
from service.economics.intervals import wilson
from service.economics.model import Level, Measure, MeasureBook, Unit
from service.personas.model import Claim, Reading, Subject
from service.portrait.model import Placed, Portrait, Tier
from service.segments.model import Assignment, Keyphrase, Quote, Segment, Segmentation, Share, TopicShare
from service.segments.topics import catalogue, topics_in


@dataclass(frozen=True)
class Group:
    """How one segment of the made-up company behaves."""

    id: str
    name: str
    people: int
    won: int
    paid: int
    """Revenue of one buyer."""
    campaign: str | None
    lines: tuple[str, ...]
    doubt: str
    phrase: str
    tier: Tier


RU = (
    Group(
        "seg_crowd",
        "платья на выпускной",
        40,
        4,
        9_000,
        "vk_platya",
        (
            "Хочу сшить платье себе на выпускной, успею за месяц?",
            "Платье на выпускной хочу, а швейной машинки дома нет",
            "Мне бы платье, на выпускной в июне",
            "А платье на выпускной новичок вообще сошьёт?",
        ),
        "Дорого, мне такая цена не по карману",
        "выпускной",
        Tier.SECONDARY,
    ),
    Group(
        "seg_moms",
        "детские костюмы",
        25,
        10,
        24_000,
        "meta_kostyumy",
        (
            "Шью ребёнку костюмы на утренники, хочу научиться кроить",
            "Ребёнку костюм на утренник каждый год покупаю",
            "Костюм ребёнку кроила сама, перекосило",
        ),
        "Надо с мужем посоветоваться",
        "костюм",
        Tier.PROMISING,
    ),
    Group(
        "seg_atelier",
        "своё ателье",
        15,
        11,
        120_000,
        None,
        (
            "Открываю своё ателье, нужен договор и обучение для мастеров",
            "Для ателье нужны счёт и закрывающие документы",
            "Мастерам в ателье надо поставить посадку рукава",
        ),
        "А кто преподаёт, можно доверять?",
        "ателье",
        Tier.MOST_PROFITABLE,
    ),
)
EN = (
    Group(
        "seg_crowd",
        "summer bodies",
        40,
        4,
        90,
        "meta_summer",
        (
            "I want to look good for the summer trip, is a month enough?",
            "Summer trip is in June and I can't swim",
            "Just something for the summer trip really",
            "Could a beginner be ready for a summer trip?",
        ),
        "That is expensive, I can't afford the price",
        "summer trip",
        Tier.SECONDARY,
    ),
    Group(
        "seg_moms",
        "school children",
        25,
        10,
        240,
        "google_kids",
        (
            "My daughter needs lessons, the school swimming test is coming",
            "The school swimming test is in the autumn",
            "He failed the school swimming test twice",
        ),
        "I need to talk to my husband first",
        "swimming test",
        Tier.PROMISING,
    ),
    Group(
        "seg_atelier",
        "after an injury",
        15,
        11,
        1200,
        None,
        (
            "My physio told me to swim after the knee operation",
            "After the knee operation I need a quiet lane",
            "The knee operation was in spring and the physio wants me in water",
        ),
        "Who teaches, are they certified?",
        "knee operation",
        Tier.MOST_PROFITABLE,
    ),
)
GOOD_ANSWER = {"ru": "Можно разбить оплату на три части без процентов", "en": "You can split it into three payments"}
BAD_ANSWER = {"ru": "Это рыночная стоимость, дешевле не найдёте", "en": "That is the market rate, you won't find less"}
PERSONAS = {
    "ru": {
        Stakeholder.MARKETING: "Наш клиент — выпускница. Больше всего заявок у нас от выпускниц. Им важна не цена.",
        Stakeholder.SALES: "Покупают у нас мамы. Средний возраст клиента тридцать пять.",
    },
    "en": {
        Stakeholder.MARKETING: "Our client wants a summer body. Most leads are summer people. Price is not the issue.",
        Stakeholder.SALES: "Mothers buy from us. The average client is thirty-five.",
    },
}
CREATIVE = {
    "ru": (
        "Платье мечты",
        "# Платье мечты\n\nСшейте вечернее платье за месяц.\nСкидка сияет, бриллианты в подарок!\nКнопка: «Хочу»\n",
        (("кампания", "vk_platya"),),
    ),
    "en": (
        "Beach ready",
        "# Beach ready\n\nGet ready for your summer trip in a month.\nFree diamonds and champagne!\nCTA: Sign up\n",
        (("campaign", "meta_summer"),),
    ),
}
SCRIPT = {
    "ru": (
        "Скрипт",
        "# Скрипт\n\n## 1. Приветствие\nДобрый день, школа шитья.\n\n## 2. Выявление потребности\n"
        "Что хотите сшить?\n\n## 3. Возражения\n- Дорого: «Это рыночная стоимость».\n\n## 4. Закрытие\n"
        "Запишем вас на пробное занятие?\n",
    ),
    "en": (
        "Script",
        "# Script\n\n## 1. Greeting\nHello, swimming school.\n\n## 2. Discovery\nWhat are you after?\n\n"
        '## 3. Objections\n- Price: "That is the market rate."\n\n## 4. Close\nShall I book a trial lesson?\n',
    ),
}


@dataclass
class Company:
    """The pieces, ready to be left out one by one before `inputs()`."""

    language: str
    documents: list[CorpusDocument]
    deals: list[CorpusDeal]
    spend: list[AdSpend]
    texts: list[CorpusText]
    segmentation: Segmentation
    measures: list[Measure]
    comparison: Comparison | None
    portrait: Portrait | None

    def inputs(self) -> BriefInputs:
        """Everything as the briefs get it."""
        currency = "RUB" if self.language == "ru" else "USD"
        corpus = Corpus(
            "test",
            self.language,
            currency,
            tuple(sorted(self.documents, key=lambda d: d.id)),
            tuple(self.deals),
            tuple(self.spend),
            tuple(self.texts),
            "hash",
        )
        return BriefInputs(
            corpus,
            self.segmentation,
            MeasureBook(self.measures, currency),
            self.comparison,
            self.portrait,
            date(2026, 7, 1),
        )


def share(k: int, n: int) -> Share:
    """k of n with its interval."""
    low, high = wilson(k, n)
    return Share(k, n, k / n if n else None, low, high)


def company(language: str = "ru", groups: tuple[Group, ...] | None = None) -> Company:
    """The whole company with everything present."""
    groups = groups or (RU if language == "ru" else EN)
    documents: list[CorpusDocument] = []
    deals: list[CorpusDeal] = []
    assignments: list[Assignment] = []
    for group in groups:
        for index in range(group.people):
            customer = f"c_{group.id}_{index:03d}"
            assignments.append(Assignment(customer, group.id, "core", 0.95))
            won = index < group.won
            documents += _documents(group, index, customer, won, language)
            deals.append(_deal(group, index, customer, won))
    for index in range(6):
        customer = f"c_out_{index}"
        assignments.append(Assignment(customer, "seg_out", "not_a_customer", 0.9))
        documents.append(
            _lead(
                f"d_out_{index}",
                customer,
                "спам спам" if language == "ru" else "spam spam",
                groups[0].campaign,
                index,
                language,
            )
        )
    segments = tuple(_segment(group, groups, documents, language, i + 1) for i, group in enumerate(groups))
    total = sum(g.people for g in groups)
    outside = Segment("seg_out", "not_a_customer", "—", len(groups) + 1, 6, 6, 0, share(0, total), 0.9)
    segmentation = Segmentation((*segments, outside), tuple(assignments), customers=total, not_a_customer=6)
    spend = [
        AdSpend("ad#1", date(2026, 2, 1), "vk", g.campaign, None, Decimal(40_000 if g.id == "seg_crowd" else 20_000))
        for g in groups
        if g.campaign
    ]
    return Company(
        language,
        documents,
        deals,
        spend,
        _texts(language),
        segmentation,
        _measures(groups, spend),
        _comparison(language, groups),
        Portrait(tuple(Placed(g.id, g.tier, 0.9, (), "") for g in groups)),
    )


def _documents(group: Group, index: int, customer: str, won: bool, language: str) -> list[CorpusDocument]:
    line = group.lines[index % len(group.lines)]
    answer = (GOOD_ANSWER if won or index % 9 == 8 else BAD_ANSWER)[language]
    hello = {"ru": "Добрый день, слушаю вас", "en": "Hello, how can I help?"}[language]
    turns = [(Speaker.AGENT, hello), (Speaker.CUSTOMER, line)]
    if index % 4 != 3:
        turns += [(Speaker.CUSTOMER, group.doubt), (Speaker.AGENT, answer)]
    call = _document(f"d_{group.id}_{index:03d}", customer, DocumentKind.CALL, turns, None, index, language)
    if group.campaign and index % 2 == 0:
        return [call, _lead(f"l_{group.id}_{index:03d}", customer, line, group.campaign, index, language)]
    return [call]


def _lead(name: str, customer: str, text: str, campaign: str | None, index: int, language: str) -> CorpusDocument:
    return _document(name, customer, DocumentKind.AD_RESPONSE, [(Speaker.CUSTOMER, text)], campaign, index, language)


def _document(
    name: str,
    customer: str,
    kind: DocumentKind,
    turns: list[tuple[Speaker, str]],
    campaign: str | None,
    index: int,
    language: str,
) -> CorpusDocument:
    moment = datetime(2026, 1, 10) + timedelta(days=3 * index)
    utterances = tuple(Utterance(speaker, text) for speaker, text in turns)
    return CorpusDocument(
        name,
        customer,
        Document(
            f"calls/+79450000000_{name}.txt", kind, "test", utterances, (), language, name, moment, campaign=campaign
        ),
    )


def _deal(group: Group, index: int, customer: str, won: bool) -> CorpusDeal:
    status = DealStatus.WON if won else DealStatus.LOST
    amount = Decimal(group.paid) if won else None
    return CorpusDeal(f"deal_{customer}", customer, Deal(f"deals#{customer}", (), status, amount=amount))


def _segment(
    group: Group, groups: tuple[Group, ...], documents: list[CorpusDocument], language: str, ordinal: int
) -> Segment:
    total = sum(g.people for g in groups)
    people = {g.id: {f"c_{g.id}_{i:03d}" for i in range(g.people)} for g in groups}
    others = set().union(*(p for name, p in people.items() if name != group.id)) if len(groups) > 1 else set()

    def voiced(topic: str, customers: set[str]) -> int:
        return len(
            {d.customer for d in documents if d.customer in customers and topic in topics_in(d.customer_text, language)}
        )

    def says(customers: set[str]) -> int:
        return len(
            {d.customer for d in documents if d.customer in customers and group.phrase in d.customer_text.lower()}
        )

    mine = people[group.id]
    topics = tuple(
        TopicShare(
            t.id,
            t.facet,
            share(voiced(t.id, mine), len(mine)),
            share(voiced(t.id, others), len(others)),
            tuple(_quotes(documents, mine, lambda text, t=t: t.id in topics_in(text, language)))[:3],
        )
        for t in catalogue(language)
        if voiced(t.id, mine)
    )
    phrase = Keyphrase(group.phrase, group.phrase, share(says(mine), len(mine)), share(says(others), len(others)), 1.0)
    quotes = tuple(_quotes(documents, mine, lambda text: group.phrase in text.lower()))[:4]
    return Segment(
        group.id,
        "segment",
        group.name,
        ordinal,
        group.people,
        group.people,
        0,
        share(group.people, total),
        0.9,
        (phrase,),
        topics,
        quotes,
        documents=group.people,
    )


def _quotes(documents: list[CorpusDocument], customers: set[str], fits):  # type: ignore[no-untyped-def]
    for document in documents:
        if document.customer not in customers:
            continue
        for position, text in document.said_by(Speaker.CUSTOMER):
            if fits(text):
                yield Quote(document.id, position, 0, len(text), text, document.customer)


def _measures(groups: tuple[Group, ...], spend: list[AdSpend]) -> list[Measure]:
    rows: list[Measure] = []

    def put(
        level: Level,
        name: str,
        measure: str,
        value: float | None,
        n: int,
        unit: Unit,
        low: float | None = None,
        high: float | None = None,
    ) -> None:
        rows.append(Measure(level, name, measure, value, low, high, n, unit))

    total, sales = sum(g.people for g in groups), sum(g.won for g in groups)
    put("all", "all", "customers", total, total, "count")
    put("all", "all", "won", sales, total, "count")
    put("all", "all", "conversion", sales / total, total, "share", *wilson(sales, total))
    put("all", "all", "revenue", sum(g.won * g.paid for g in groups), sales, "money")
    put("all", "all", "spend", float(sum(s.spend for s in spend)), len(spend), "money")
    for g in groups:
        put("segment", g.id, "customers", g.people, g.people, "count")
        put("segment", g.id, "won", g.won, g.people, "count")
        put("segment", g.id, "conversion", g.won / g.people, g.people, "share", *wilson(g.won, g.people))
        put("segment", g.id, "revenue", g.won * g.paid, g.won, "money")
        put("segment", g.id, "average_check", g.paid, g.won, "money", g.paid * 0.8, g.paid * 1.2)
        put("segment", g.id, "ltv", g.paid, g.won, "money", g.paid * 0.8, g.paid * 1.2)
        put("segment", g.id, "days_to_close", 12.0, g.won, "days", 8.0, 15.0)
        cost = float(sum(s.spend for s in spend if s.campaign == g.campaign))
        if g.campaign and cost:
            put("segment", g.id, "spend", cost, g.people, "money")
            put("segment", g.id, "cac", cost / g.won if g.won else None, g.won, "money")
            put("campaign", g.campaign, "spend", cost, g.people, "money")
            put("campaign", g.campaign, "leads", g.people // 2, g.people // 2, "count")
            put("campaign", g.campaign, "won", g.won, g.won, "count")
            put("campaign", g.campaign, "revenue", g.won * g.paid, g.won, "money")
            put("campaign", g.campaign, "cac", cost / g.won if g.won else None, g.won, "money")
            out = 6 if g.id == "seg_crowd" else 0
            n = g.people // 2 + out
            put("campaign", g.campaign, "not_a_customer_share", out / n, n, "share", *wilson(out, n))
    return rows


def _texts(language: str) -> list[CorpusText]:
    texts = [
        CorpusText(
            1,
            StakeholderText(
                f"personas/{who}_+79450001122.md", TextKind.PERSONA, str(who), text, language, str(who), who
            ),
        )
        for who, text in PERSONAS[language].items()
    ]
    name, text, attributes = CREATIVE[language]
    texts.append(
        CorpusText(1, StakeholderText("creatives/1.md", TextKind.CREATIVE, name, text, language, "c", None, attributes))
    )
    name, text = SCRIPT[language]
    texts.append(CorpusText(1, StakeholderText("scripts/s.md", TextKind.SCRIPT, name, text, language, "s")))
    return texts


def _comparison(language: str, groups: tuple[Group, ...]) -> Comparison:
    crowd, moms = groups[0], groups[1] if len(groups) > 1 else groups[0]
    sentences = {who: _split(text) for who, text in PERSONAS[language].items()}
    total, sales = sum(g.people for g in groups), sum(g.won for g in groups)
    marketing, seller = sentences[Stakeholder.MARKETING], sentences[Stakeholder.SALES]
    lead, share_of_sales = _finding("customers", crowd.people, total), _finding("won_share", moms.won, sales)
    price = _finding("topic:price", 30, crowd.people, level="segment", name=crowd.id, verdict=Verdict.CONTRADICTED)
    judged = (
        _judged(
            Stakeholder.MARKETING,
            0,
            marketing[0],
            "wins",
            crowd.id,
            Verdict.CONTRADICTED,
            _finding("won_share", crowd.won, sales),
        ),
        _judged(Stakeholder.MARKETING, 1, marketing[1], "leads", crowd.id, Verdict.SUPPORTED, lead),
        _judged(Stakeholder.MARKETING, 2, marketing[2], "topic", crowd.id, Verdict.CONTRADICTED, price, ("price",)),
        _judged(Stakeholder.SALES, 3, seller[0], "wins", moms.id, Verdict.PARTLY, share_of_sales),
        _judged(Stakeholder.SALES, 4, seller[1], "demographic", None, Verdict.NO_EVIDENCE, None),
    )
    blind = tuple(g.id for g in groups[2:])
    return Comparison(
        claims=judged,
        aliases=(),
        coverage=(
            Coverage(Stakeholder.MARKETING, (crowd.id,), None, None, None, 1, 0, 2, 0),
            Coverage(Stakeholder.SALES, (moms.id,), None, None, None, 0, 1, 0, 1),
        ),
        agreements=(Agreement(None, (Stakeholder.MARKETING, Stakeholder.SALES), ()),),
        divergences=(
            Divergence(
                "v1",
                "protagonist",
                crowd.id,
                (Stakeholder.MARKETING, Stakeholder.SALES),
                (judged[0].claim.id, judged[3].claim.id),
                60_000.0,
            ),
            *(Divergence(f"b{i}", "blind_spot", s, (), (), 1_000_000.0) for i, s in enumerate(blind)),
        ),
        blind_spots=blind,
        ghosts=(),
        missing=(Stakeholder.OWNER,),
    )


def _split(text: str) -> list[tuple[int, str]]:
    found, position = [], 0
    for piece in text.split(". "):
        start = text.index(piece, position)
        found.append((start, piece.rstrip(".")))
        position = start + len(piece)
    return found


def _finding(
    measure: str, k: int, n: int, level: str = "all", name: str = "all", verdict: Verdict = Verdict.SUPPORTED
) -> Finding:
    low, high = wilson(k, n)
    return Finding(verdict, "rule", measure, level, name, k / n if n else None, low, high, n, k, "share")


def _judged(
    who: Stakeholder,
    number: int,
    place: tuple[int, str],
    measure: str,
    segment: str | None,
    verdict: Verdict,
    finding: Finding | None,
    topics: tuple[str, ...] = (),
) -> JudgedClaim:
    start, quote = place
    reading = Reading(Subject("segment" if segment else "all", segment), measure, "is", topics=topics)
    claim = Claim(
        f"claim{number}",
        who,
        f"personas/{who}_+79450001122.md",
        1,
        start,
        start + len(quote),
        quote,
        quote,
        "",
        (reading,),
    )
    return JudgedClaim(claim, verdict, (finding,) if finding else (), segment)


def without(company: Company, **changes: object) -> Company:
    """The company with pieces replaced."""
    return replace(company, **changes)  # type: ignore[arg-type]
