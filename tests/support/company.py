"""Two made-up companies, a language school and a plumber, as the steps of a run would leave them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import cos, sin, sqrt

from ingest.model import (
    AdSpend,
    Deal,
    DealStatus,
    Document,
    DocumentKind,
    Harvest,
    SourceFile,
    Speaker,
    Stakeholder,
    StakeholderText,
    TextKind,
    Utterance,
)
from service.comparison.model import Agreement, Comparison, Coverage, Divergence, Finding, JudgedClaim, Verdict
from service.core.clock import now
from service.core.settings import Settings
from service.corpus.model import Corpus, CorpusDeal, CorpusDocument, CorpusText
from service.corpus.rows import deal_id, document_id
from service.economics.model import Measure, MeasureBook
from service.personas.model import Alias, Claim, Reading, Subject
from service.portrait.model import Placed, Portrait, Tier
from service.segments.model import (
    Assignment,
    CustomerMap,
    Keyphrase,
    MapPoint,
    NameCheck,
    Nearest,
    Quote,
    Segment,
    Segmentation,
    Share,
    TopicShare,
)
from service.segments.outside import outside_counts
from service.store.db import Store, ensure_workspace
from service.store.tables import RunRow


@dataclass(frozen=True)
class Group:
    """One planted group: name, customers, sales, money per sale, words, keyphrases."""

    id: str
    name: str
    size: int
    won: int
    check: float
    said: tuple[str, ...]
    phrases: tuple[str, ...]
    topic: str


SCHOOL = (
    Group(
        "s1", "экзамен, подросток", 46, 21, 38400,
        ("Нам сдавать в мае, а ребёнок до сих пор путает времена. Сколько занятий успеем?",
         "Главное — чтобы не бросил через месяц, он у меня не слишком усидчивый."),
        ("пробный экзамен", "подросток", "сдать в мае", "репетитор", "домашнее задание"), "price",
    ),
    Group(
        "s2", "переезд, документы", 31, 17, 52900,
        ("Виза уже есть, через три месяца летим, а я двух слов связать не могу.",
         "Мне бы говорить с врачом и в школе, без учебника."),
        ("переезд", "виза", "разговорный", "собеседование"), "urgency",
    ),
    Group(
        "s3", "для души, вечером", 58, 9, 14200,
        ("Я для себя, без спешки, лишь бы группа была приятная.",),
        ("для себя", "вечерняя группа", "сериалы"), "hours",
    ),
    Group("s4", "компания, сотрудники", 12, 3, 186000, ("Нужен договор, акт и двадцать человек по вторникам.",),
          ("договор", "сотрудники", "закрывающие документы"), "documents"),
)  # fmt: skip

PLUMBER = (
    Group(
        "p1", "leak, tonight", 41, 29, 310,
        ("Water is coming through the ceiling, can anyone come tonight?",
         "I don't care what it costs, just tell me when."),
        ("leak", "tonight", "ceiling", "emergency"), "urgency",
    ),
    Group(
        "p2", "landlord, certificate", 27, 15, 640,
        ("I need the gas certificate before the new tenants move in on the first.",),
        ("certificate", "tenants", "invoice", "landlord"), "documents",
    ),
    Group(
        "p3", "new bathroom, quote", 38, 5, 4900,
        ("We are collecting three quotes for the bathroom, no rush at all.",),
        ("bathroom", "quote", "tiles", "compare"), "price",
    ),
)  # fmt: skip

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)> {{ 7*7 }} "quoted" & [phone]'
"""What a customer may well say to a page."""


def wilson(k: int, n: int) -> Share:
    """k of n with its 95 % interval."""
    if not n:
        return Share(k, n, None, None, None)
    p, z = k / n, 1.96
    middle, spread = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Share(k, n, p, max(0.0, (middle - spread) / (1 + z * z / n)), min(1.0, (middle + spread) / (1 + z * z / n)))


@dataclass(frozen=True)
class Company:
    """Everything a finished run holds."""

    corpus: Corpus
    segmentation: Segmentation
    measures: MeasureBook
    comparison: Comparison
    portrait: Portrait


def company(language: str = "ru", hostile: bool = False) -> Company:
    """The school in Russian, the plumber in English; `hostile` puts markup into a customer's mouth."""
    groups = SCHOOL if language == "ru" else PLUMBER
    if hostile:
        groups = (Group("s1", HOSTILE, 46, 21, 38400, (HOSTILE,), (HOSTILE,), "price"), *groups[1:])
    corpus = _corpus(language, groups)
    return Company(
        corpus=corpus,
        segmentation=_segmentation(groups, corpus),
        measures=_measures(groups, corpus.currency),
        comparison=_comparison(language, groups, corpus),
        portrait=_portrait(groups),
    )


def harvest_of(made: Company) -> Harvest:
    """The company's files as the pipeline would hand them over."""
    corpus = made.corpus
    customer_of = {d.document.ref: d.customer for d in corpus.documents}
    customer_of |= {d.deal.ref: d.customer for d in corpus.deals}
    return Harvest(
        files=(SourceFile("deals.csv", "1" * 64, "deals", len(corpus.deals)),),
        documents=tuple(d.document for d in corpus.documents),
        deals=tuple(d.deal for d in corpus.deals),
        ad_spend=corpus.ad_spend,
        texts=tuple(t.text for t in corpus.texts),
        rejects=(),
        customer_of=customer_of,
    )


def finished_run(store: Store, settings: Settings, made: Company, workspace: str = "default", run: str = "r1") -> str:
    """Store the company and a finished run over it, through the same repositories as the real steps."""
    from service.briefs.compose import compose_all
    from service.briefs.inputs import BriefInputs
    from service.briefs.repository import save_briefs
    from service.comparison.repository import save_comparison
    from service.corpus.repository import load_corpus, save_harvest
    from service.economics.repository import save_measures
    from service.portrait.repository import save_portrait
    from service.segments.repository import save_segmentation

    with store.session(write=True) as session:
        ensure_workspace(session, workspace)
        save_harvest(session, workspace, harvest_of(made), "u1", {})
        session.add(
            RunRow(
                workspace_id=workspace, id=run, number=1, status="done", stage="", done_stages=[], attempt=1,
                input_hash="0" * 64, manifest={}, created_at=now(), finished_at=now(),
            )
        )  # fmt: skip
        session.flush()
        save_segmentation(session, workspace, run, made.segmentation)
        save_measures(session, workspace, run, made.measures)
        save_comparison(session, workspace, run, made.comparison)
        save_portrait(session, workspace, run, made.portrait)
        corpus = load_corpus(session, workspace, settings)
        inputs = BriefInputs(corpus, made.segmentation, made.measures, made.comparison, made.portrait, now().date())
        save_briefs(session, workspace, run, [b for code in ("ru", "en") for b in compose_all(inputs, code)])
    return run


def _corpus(language: str, groups: tuple[Group, ...]) -> Corpus:
    documents, deals = [], []
    for group in groups:
        for number in range(group.size):
            customer = f"c-{group.id}-{number:03d}"
            documents.append(_document(language, group, number, customer))
            won = number < group.won
            deal = Deal(
                ref=f"deals.csv#{customer}", keys=(), status=DealStatus.WON if won else DealStatus.LOST,
                created_on=date(2026, 1 + number % 6, 1 + number % 27), amount=Decimal(str(group.check)),
            )  # fmt: skip
            deals.append(CorpusDeal(deal_id("default", deal.ref), customer, deal))
    spend = (
        AdSpend("ads.csv#1", date(2026, 3, 1), "vk" if language == "ru" else "meta", _campaigns(language)[0],
                None, Decimal("184000" if language == "ru" else "2100")),
        AdSpend("ads.csv#2", date(2026, 3, 1), "yandex" if language == "ru" else "google", _campaigns(language)[1],
                None, Decimal("96000" if language == "ru" else "3400")),
    )  # fmt: skip
    return Corpus(
        workspace="default",
        language=language,
        currency="RUB" if language == "ru" else "GBP",
        documents=tuple(documents),
        deals=tuple(deals),
        ad_spend=spend,
        texts=tuple(_persona(language, who) for who in Stakeholder),
        input_hash="0" * 64,
    )


def _campaigns(language: str) -> tuple[str, str]:
    return ("Весна: для души", "Экзамены") if language == "ru" else ("Bathrooms spring", "Emergency call-out")


def _document(language: str, group: Group, number: int, customer: str) -> CorpusDocument:
    text = group.said[number % len(group.said)]
    kind = (DocumentKind.CALL, DocumentKind.NOTE, DocumentKind.AD_RESPONSE)[number % 3]
    document = Document(
        ref=f"calls/{customer}.txt", kind=kind, reader="text", keys=(), language=language, content_hash=customer,
        utterances=(Utterance(Speaker.CUSTOMER, text),),
        occurred_at=datetime(2026, 1 + number % 6, 1 + number % 27, 12, 0),
        campaign=_campaigns(language)[number % 2],
    )  # fmt: skip
    return CorpusDocument(document_id("default", document.ref), customer, document)


PERSONAS = {
    "ru": {
        Stakeholder.MARKETING: "Наш клиент учит язык для души. Таких заявок больше всего.",
        Stakeholder.SALES: "Покупают в основном родители подростков. Главное возражение — цена.",
        Stakeholder.OWNER: "Наш клиент — компания. Компании решают за неделю.",
    },
    "en": {
        Stakeholder.MARKETING: "Our customer is doing up a bathroom. Most leads are bathrooms.",
        Stakeholder.SALES: "Emergencies are what we close. Nobody asks about the price.",
        Stakeholder.OWNER: "Landlords pay our wages. A landlord decides the same day.",
    },
}


def _persona(language: str, who: Stakeholder) -> CorpusText:
    text = PERSONAS[language][who]
    return CorpusText(1, StakeholderText(f"personas/{who}.md", TextKind.PERSONA, who.value, text, language, who, who))


def _quote(group: Group, number: int = 0) -> Quote:
    text = group.said[number % len(group.said)]
    customer = f"c-{group.id}-{number:03d}"
    return Quote(document_id("default", f"calls/{customer}.txt"), 0, 0, len(text), text, customer)


def _segmentation(groups: tuple[Group, ...], corpus: Corpus) -> Segmentation:
    total = sum(g.size for g in groups) + 9
    segments = [_segment(group, groups, order, total) for order, group in enumerate(groups, start=1)]
    outsiders = Segment(
        "x1", "not_a_customer", "вакансия, резюме" if corpus.language == "ru" else "vacancy, resume",
        len(groups) + 1, 8, 8, 0, Share(0, 0, None, None, None), 0.9,
    )  # fmt: skip
    assignments = [
        Assignment(
            d.customer, d.customer.split("-")[1], "core" if i % 5 else "soft", 0.91 if i % 5 else 0.46,
            None if i % 5 else _another(d.customer.split("-")[1], groups), 0.0 if i % 5 else 0.31,
        )
        for i, d in enumerate(corpus.documents)
    ]  # fmt: skip
    assignments += [Assignment(f"c-u-{i:03d}", None, "unassigned", 0.2) for i in range(9)]
    assignments += [Assignment(f"c-x1-{i:03d}", "x1", "not_a_customer", 0.95) for i in range(8)]
    return Segmentation(
        segments=(*segments, outsiders), assignments=tuple(assignments), customers=total + 8, unassigned=9,
        not_a_customer=8, outside=outside_counts(corpus, assignments), map=_map(assignments[:-8]),
    )  # fmt: skip


def _another(segment: str, groups: tuple[Group, ...]) -> str:
    return next(group.id for group in groups if group.id != segment)


def _map(assignments: list[Assignment]) -> CustomerMap:
    """Everybody on a spiral."""
    count = len(assignments)
    places = [(0.5 + 0.45 * i / count * cos(i), 0.5 + 0.45 * i / count * sin(i)) for i in range(count)]
    points = (MapPoint(a.customer, x, y) for a, (x, y) in zip(assignments, places, strict=True))
    return CustomerMap(tuple(points), count, count)


def _segment(group: Group, groups: tuple[Group, ...], order: int, total: int) -> Segment:
    others = total - group.size
    other = next(g for g in groups if g.id != group.id)
    phrases = tuple(
        Keyphrase(p, p, wilson(group.size // (2 + i), group.size), wilson(others // 20, others), 2.0 - i / 5)
        for i, p in enumerate(group.phrases)
    )
    topics = (
        TopicShare(group.topic, "objection", wilson(group.size * 2 // 5, group.size), wilson(others // 9, others),
                   (_quote(group),), 3.1),
        TopicShare("quality", "need", wilson(group.size // 4, group.size), wilson(others // 6, others), ()),
    )  # fmt: skip
    return Segment(
        id=group.id, kind="segment", name=group.name, ordinal=order, size=group.size,
        core=group.size * 4 // 5, soft=group.size - group.size * 4 // 5, share=wilson(group.size, total),
        stability=0.88 - order / 10, keyphrases=phrases, topics=topics,
        quotes=tuple(_quote(group, n) for n in range(len(group.said))),
        nearest=Nearest(other.id, 0.61, group.phrases[:2], other.phrases[:2], topics[:1]),
        name_check=NameCheck(wilson(group.size // 2, group.size), wilson(others // 20, others), True),
        documents=group.size,
        facets=(
            TopicShare("beginners", "who", wilson(group.size // 2, group.size), wilson(others // 9, others), (), 4.0),
        ),
    )  # fmt: skip


def _measures(groups: tuple[Group, ...], currency: str) -> MeasureBook:
    rows: list[Measure] = []
    for group in groups:
        paid = wilson(group.won, group.size)
        revenue = group.won * group.check
        rows += [
            Measure("segment", group.id, "customers", group.size, None, None, group.size, "count"),
            Measure("segment", group.id, "leads", group.size, None, None, group.size, "count"),
            Measure("segment", group.id, "won", group.won, None, None, group.won, "count"),
            Measure("segment", group.id, "conversion", paid.value, paid.low, paid.high, group.size, "share"),
            Measure("segment", group.id, "average_check", group.check, group.check * 0.9, group.check * 1.1,
                    group.won, "money"),
            Measure("segment", group.id, "ltv", group.check * 1.6, group.check * 1.2, group.check * 2, group.won,
                    "money"),
            Measure("segment", group.id, "revenue", revenue, None, None, group.won, "money"),
            Measure("segment", group.id, "spend", 42000.0, None, None, group.size, "money"),
            Measure("segment", group.id, "cac", 42000.0 / group.won, 1200.0, 9000.0, group.won, "money"),
            Measure("segment", group.id, "days_to_close", 12.0, 7.0, 19.0, group.won, "days"),
            Measure("segment", group.id, "satisfaction", None, None, None, 0, "score"),
        ]  # fmt: skip
    size, won = sum(g.size for g in groups), sum(g.won for g in groups)
    paid = wilson(won, size)
    revenue = sum(g.won * g.check for g in groups)
    rows += [
        Measure("all", "all", "customers", size + 9, None, None, size + 9, "count"),
        Measure("all", "all", "won", won, None, None, won, "count"),
        Measure("all", "all", "conversion", paid.value, paid.low, paid.high, size, "share"),
        Measure("all", "all", "revenue", revenue, None, None, won, "money"),
    ]
    for name, k, spend in ((_campaigns("ru" if currency == "RUB" else "en")[0], 7, 184000.0),):
        share = wilson(k, 64)
        rows += [
            Measure("campaign", name, "not_a_customer_share", share.value, share.low, share.high, 64, "share"),
            Measure("campaign", name, "spend", spend, None, None, 64, "money"),
        ]
    return MeasureBook(rows, currency)


def _comparison(language: str, groups: tuple[Group, ...], corpus: Corpus) -> Comparison:
    verdicts = {
        Stakeholder.MARKETING: (Verdict.CONTRADICTED, Verdict.SUPPORTED),
        Stakeholder.SALES: (Verdict.PARTLY, Verdict.SUPPORTED),
        Stakeholder.OWNER: (Verdict.CONTRADICTED, Verdict.NO_EVIDENCE),
    }
    heroes = {Stakeholder.MARKETING: groups[2], Stakeholder.SALES: groups[0], Stakeholder.OWNER: groups[-1]}
    if language == "en":
        heroes[Stakeholder.OWNER] = groups[1]
    claims = []
    for who in Stakeholder:
        text = next(t.text.text for t in corpus.texts if t.text.stakeholder is who)
        start = 0
        for number, sentence in enumerate(text.split(". ")):
            start = text.index(sentence, start)
            claims.append(_claim(who, heroes[who], sentence.rstrip("."), start, number, verdicts[who][number]))
    named = {hero.id for hero in heroes.values()}
    return Comparison(
        claims=tuple(claims),
        aliases=(Alias("клиент" if language == "ru" else "customer", "клиент", groups[0].id, 0.7),),
        coverage=tuple(
            Coverage(who, (h.id,), h.size / 147, h.won / 50, h.won * h.check / 3e6, 1, 0, 1, 0)
            for who, h in heroes.items()
        ),
        agreements=(Agreement(groups[0].id, (Stakeholder.SALES, Stakeholder.OWNER), (claims[2].claim.id,)),),
        divergences=(
            Divergence("v1", "protagonist", heroes[Stakeholder.MARKETING].id, tuple(Stakeholder),
                       (claims[0].claim.id, claims[4].claim.id), 184000.0,
                       (("spend", 184000.0), ("won", 9.0), ("cac", 20444.0))),
            Divergence("v2", "claim_vs_data", groups[-1].id, (Stakeholder.OWNER,), (claims[4].claim.id,), None),
        ),
        blind_spots=tuple(g.id for g in groups if g.id not in named),
        ghosts=(),
        missing=(),
    )  # fmt: skip


def _claim(who: Stakeholder, hero: Group, quote: str, start: int, number: int, verdict: Verdict) -> JudgedClaim:
    subject = Subject("segment", hero.id, None, hero.name)
    atom = Reading(subject, "wins", "majority", measure_cue=True, operator_cue=True)
    claim = Claim(
        id=f"k-{who}-{number}", stakeholder=who, ref=f"personas/{who}.md", version=1, start=start,
        end=start + len(quote), quote=quote, sentence=quote + ".", heading="", atoms=(atom,),
    )  # fmt: skip
    paid = wilson(hero.won, 50)
    found = () if verdict is Verdict.NO_EVIDENCE else (
        Finding(verdict, "majority", "conversion", "segment", hero.id, paid.value, paid.low, paid.high, paid.n, paid.k,
                "share", 0.34, "all"),
    )  # fmt: skip
    against = (_quote(hero),) if verdict is Verdict.CONTRADICTED else ()
    return JudgedClaim(claim, verdict, found, hero.id, () if against else (_quote(hero),), against, hero.won < 10)


def _portrait(groups: tuple[Group, ...]) -> Portrait:
    tiers = (Tier.MOST_PROFITABLE, Tier.PROMISING, Tier.SECONDARY, Tier.PROMISING)
    return Portrait(
        tuple(Placed(g.id, tier, 0.93 - i / 8, (), "") for i, (g, tier) in enumerate(zip(groups, tiers, strict=False)))
    )
