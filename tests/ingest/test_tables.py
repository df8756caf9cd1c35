"""Exports of CRMs and advertising systems are recognised by their headers, in any order, encoding and language."""
# ruff: noqa: E501  (rows of real exports are easier to compare unwrapped)

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from exports import as_json, codes, harvested, table, workbook

from ingest.model import AdSpend, Deal, DealStatus, Document
from ingest.raw import RawDocument, RawFile
from ingest.readers import registry
from ingest.readers.source import Source


def read(name: str, content: str | bytes, kind: str | None = None) -> tuple[str, RawFile]:
    return registry.read(Source(name, content if isinstance(content, bytes) else content.encode(), kind))


def texts(documents: tuple[RawDocument, ...]) -> list[str]:
    return ["\n".join(utterance.text for utterance in document.utterances) for document in documents]


AMO = [
    ["ID примечания", "Дата создания", "Ответственный", "Тип примечания", "Контакт", "Рабочий телефон", "ID сделки", "Этап сделки", "Текст примечания"],
    ["401", "23.09.2024 15:10:00", "Ольга", "Заметка", "Анна Ильина", "8 912 345 67 89", "187", "Думает", "просит скидку; перезвонить"],
]  # fmt: skip
HUBSPOT_NOTES = [
    ["Record ID", "Note body", "Activity date", "Activity assigned to", "Associated Contact IDs", "Associated Contact", "Associated Deal"],
    ["501", "Asked for <b>delivery</b>", "2026-01-09 10:59", "Theo", "901", "Ann Reed (ann@example.com)", ""],
]  # fmt: skip
HUBSPOT_CALLS = [
    ["Call title", "Call notes", "Activity date", "Call duration", "Call direction", "Associated Contact", "Record ID"],
    ["Call with Ann", "She wants two seats near the window", "2026-01-09 10:59", "300000", "INBOUND", "Ann Reed", "77001"],
]  # fmt: skip
BITRIX = [
    ["ID", "Тип", "Тема", "Описание", "Ответственный", "Создано", "Контакт", "Телефон"],
    ["12", "Звонок", "Звонок", "[b]Просит[/b] счёт на юрлицо", "Пётр Орлов", "01.02.2025 12:00", "Иван Седов", "+7 912 000-11-22"],
]  # fmt: skip
SALESFORCE_TASKS = [
    ["Activity ID", "Subject", "Full Comments", "Date", "Assigned", "Contact", "Opportunity"],
    ["00T5", "Call", "Worried about the lead time", "1/9/2026", "Priya N", "Ann Reed", "Reed - Table"],
]  # fmt: skip

NOTES = [
    pytest.param("notes.csv", table(AMO, ";").encode("cp1251"), "notes.csv#401", "просит скидку; перезвонить", datetime(2024, 9, 23, 15, 10), id="amocrm-cp1251"),
    pytest.param("x.csv", table(HUBSPOT_NOTES), "x.csv#501", "Asked for <b>delivery</b>", datetime(2026, 1, 9, 10, 59), id="hubspot-notes"),
    pytest.param("x.csv", table(HUBSPOT_CALLS), "x.csv#77001", "She wants two seats near the window", datetime(2026, 1, 9, 10, 59), id="hubspot-calls"),
    pytest.param("дела.csv", table(BITRIX, ";"), "дела.csv#12", "Просит счёт на юрлицо", datetime(2025, 2, 1, 12), id="bitrix"),
    pytest.param("tasks.csv", table(SALESFORCE_TASKS), "tasks.csv#00T5", "Worried about the lead time", datetime(2026, 1, 9), id="salesforce-tasks"),
    pytest.param("n.csv", table([["Клиент", "Комментарий", "Дата"], ["Анна", "ждёт смету", "05.03.2025"]], "\t"), "n.csv#2", "ждёт смету", datetime(2025, 3, 5), id="three-columns-of-ones-own"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "ref", "text", "moment"), NOTES)
def test_notes_of_every_crm(name: str, content: str | bytes, ref: str, text: str, moment: datetime) -> None:
    reader, raw = read(name, content)
    assert reader == "sales_notes"
    (note,) = raw.documents
    assert (note.ref, texts(raw.documents), note.occurred_at) == (ref, [text], moment)


VK = [
    ["ID заявки", "Дата и время", "Кампания", "Объявление", "Имя", "Телефон", "Email", "Город", "Что для вас важно?"],
    ["771", "2024-11-11 08:49:00", "vk_spring", "ad_1", "Анна", "8 (912) 345-67-89", "", "Пермь", "чтобы было рядом с домом"],
]  # fmt: skip
META = [
    ["id", "created_time", "ad_id", "ad_name", "adset_id", "adset_name", "campaign_id", "campaign_name", "form_id", "form_name", "is_organic", "platform", "what_do_you_need?", "full_name", "phone_number", "email", "lead_status"],
    ["l:10", "2026-01-05T15:47:00-08:00", "ag:1", "Reel", "as:2", "set", "c:3", "Spring", "f:4", "Form", "false", "ig", "a gift for my sister", "Ann Reed", "p:+12065550142", "ann@example.com", "CREATED"],
]  # fmt: skip
GOOGLE = [
    ["Lead ID", "GCLID", "Campaign", "Submission Time", "Full Name", "User Email", "User Phone", "Why now?", "Is Test"],
    ["GL-1", "Eax", "SEARCH", "2026-01-15 17:38:00", "Ann Reed", "ann@example.com", "", "moving house in May", "FALSE"],
    ["GL-2", "Eay", "SEARCH", "2026-01-15 17:39:00", "Test", "test@example.com", "", "test", "TRUE"],
]  # fmt: skip
META_HOOK = {"data": [{"id": "10", "created_time": "2026-01-05T15:47:00+0000", "campaign_name": "Spring", "form_id": "4", "field_data": [
    {"name": "what_do_you_need", "values": ["a gift for my sister"]}, {"name": "email", "values": ["ann@example.com"]}]}]}  # fmt: skip
GOOGLE_HOOK = {"lead_id": "GL-9", "form_id": 4, "campaign_id": 3, "is_test": False, "user_column_data": [
    {"column_id": "FULL_NAME", "string_value": "Ann Reed"}, {"column_id": "PHONE_NUMBER", "string_value": "+12065550142"},
    {"column_name": "Why now?", "column_id": "why_now", "string_value": "moving house in May"}]}  # fmt: skip
VK_HOOK = {"response": {"leads": [{"lead_id": 5, "date": 1731314940, "ad_id": 8, "answers": [
    {"key": "first_name", "answer": {"value": "Анна"}}, {"key": "phone_number", "answer": {"value": "+79123456789"}},
    {"key": "custom_0", "question": "Что важно?", "answer": {"value": "чтобы было рядом"}}]}]}}  # fmt: skip

LEADS = [
    pytest.param("leads.csv", table(VK), "leads.csv#771", "чтобы было рядом с домом", "vk", "vk_spring", id="vk"),
    pytest.param("leads.csv", table(META, "\t").encode("utf-16"), "leads.csv#l:10", "a gift for my sister", "meta", "Spring", id="meta-utf16-tsv"),
    pytest.param("leads.csv", table(META, "\t").encode("utf-16-le"), "leads.csv#l:10", "a gift for my sister", "meta", "Spring", id="meta-utf16-without-mark"),
    pytest.param("leads.csv", table(GOOGLE), "leads.csv#GL-1", "moving house in May", "google", "SEARCH", id="google"),
    pytest.param("hook_meta.json", as_json(META_HOOK), "hook_meta.json#10", "a gift for my sister", "meta", "Spring", id="meta-webhook"),
    pytest.param("hook_google.json", as_json(GOOGLE_HOOK), "hook_google.json#GL-9", "moving house in May", "google", "3", id="google-webhook"),
    pytest.param("hook_vk.json", as_json(VK_HOOK), "hook_vk.json#5", "чтобы было рядом", "vk", None, id="vk-webhook"),
    pytest.param("заявки.csv", table([["Имя", "Телефон", "Комментарий", "Дата"], ["Анна", "+79123456789", "хочу записаться на утро", "05.03.2025"]], ";"), "заявки.csv#2", "хочу записаться на утро", None, None, id="site-form"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "ref", "text", "platform", "campaign"), LEADS)
def test_ad_responses_of_every_system(
    name: str, content: str | bytes, ref: str, text: str, platform: str | None, campaign: str | None
) -> None:
    reader, raw = read(name, content)
    assert reader == "ad_responses"
    response = raw.documents[0]
    assert response.ref == ref
    assert [utterance.text for utterance in response.utterances] == [text]
    assert (response.platform, response.campaign) == (platform, campaign)


def test_a_test_submission_is_listed_not_counted() -> None:
    _, raw = read("leads.csv", table(GOOGLE))
    assert [document.ref for document in raw.documents] == ["leads.csv#GL-1"]
    assert [(code, place) for code, place, _ in raw.rejects] == [("test_lead", "leads.csv:3")]


def test_a_choice_from_the_forms_list_is_not_the_customers_own_words(tmp_path: Path) -> None:
    rows = [["lead id", "email", "campaign", "What brings you here?", "when_to_buy?"]]
    rows += [
        [f"L{n}", f"p{n}@example.com", "A", f"a reason of its own {n}", ("just_looking", "this_month")[n % 2]]
        for n in range(20)
    ]
    found = harvested(tmp_path, {"leads.csv": table(rows)})
    said = {
        utterance.text: utterance.speaker.value for document in found.documents for utterance in document.utterances
    }
    assert said["just looking"] == said["this month"] == "unknown"
    assert said["a reason of its own 3"] == "customer"


RU_DEALS = [
    ["ID сделки", "Название сделки", "Телефон", "Дата создания", "Этап сделки", "Бюджет, руб.", "Услуга", "Оплачено месяцев", "Возврат", "NPS", "Дата закрытия", "Причина отказа", "Источник", "utm_campaign", "Примечание"],
    ["1", "Анна - курс", "+79123456789", "27.10.2024", "Успешно реализовано", "12 900,50", "Курс", "3", "0", "9", "07.11.2024", "", "vk", "spring", "взяла сразу"],
    ["2", "Пётр - курс", "8 (912) 111-22-33", "01.02.2025", "Закрыто и не реализовано", "", "Курс", "0", "0", "", "15.02.2025", "Дорого", "maps", "", ""],
    ["3", "Олег - курс", "8 (912) 111-22-44", "03.02.2025", "Думает", "1 200", "Курс", "", "", "", "", "", "maps", "", ""],
]  # fmt: skip
EN_DEALS = [
    ["Opportunity ID", "Opportunity Name", "Contact: Phone", "Contact: Email", "Created Date", "Stage", "Amount", "Close Date", "Lead Source", "Primary Campaign Source", "Product", "Quantity", "Discount %", "Accessories", "Returned", "Referral", "CSAT", "Loss Reason"],
    ["A1", "Reed - Table", "(206) 555-0142", "", "01/05/2026", "Closed Won", "$5,800.00", "02/28/2026", "Meta Lead Ad", "Spring", "Table", "2", "10", "325", "No", "Yes", "4", ""],
    ["A2", "Cole - Table", "", "cole@example.com", "01/06/2026", "Closed Lost", "", "02/03/2026", "Walk-in", "", "Table", "", "", "", "", "", "", "Price"],
    ["A3", "Ives - Table", "", "ives@example.com", "01/07/2026", "Proposal", "3,900", "02/04/2026", "Walk-in", "", "Table", "1", "", "", "", "", "", ""],
]  # fmt: skip


def deals(name: str, content: str) -> dict[str, Deal]:
    _, raw = read(name, content)
    return {one.deal.ref: one.deal for one in raw.deals}


def test_a_russian_crm_deal_is_read_field_by_field() -> None:
    won = deals("deals.csv", table(RU_DEALS, ";"))["deals.csv#1"]
    assert (won.status, won.amount, won.currency, won.months_paid) == (DealStatus.WON, Decimal("12900.50"), "RUB", 3)
    assert (won.created_on, won.closed_on) == (date(2024, 10, 27), date(2024, 11, 7))
    assert (won.satisfaction, won.satisfaction_scale, won.refund, won.refunded) == (9.0, "nps", Decimal(0), False)
    assert (won.source, won.campaign, won.product) == ("vk", "spring", "Курс")


def test_an_english_crm_deal_is_read_field_by_field() -> None:
    won = deals("deals.csv", table(EN_DEALS))["deals.csv#A1"]
    assert (won.status, won.amount, won.currency, won.quantity) == (DealStatus.WON, Decimal("5800.00"), "USD", 2)
    assert (won.created_on, won.closed_on) == (date(2026, 1, 5), date(2026, 2, 28))
    assert (won.discount_percent, won.accessories, won.refunded, won.referred) == (
        Decimal(10),
        Decimal(325),
        False,
        True,
    )
    assert (won.satisfaction, won.satisfaction_scale, won.source, won.campaign) == (
        4.0,
        "csat",
        "Meta Lead Ad",
        "Spring",
    )


def test_stage_tells_won_lost_and_open_in_both_languages() -> None:
    found = deals("d.csv", table(RU_DEALS, ";")) | deals("e.csv", table(EN_DEALS))
    assert {ref: deal.status.value for ref, deal in found.items()} == {
        "d.csv#1": "won", "d.csv#2": "lost", "d.csv#3": "open", "e.csv#A1": "won", "e.csv#A2": "lost", "e.csv#A3": "open",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(
            ["03/04/2026", "25/04/2026"], [date(2026, 4, 3), date(2026, 4, 25)], id="a-day-over-12-comes-first"
        ),
        pytest.param(
            ["03/04/2026", "04/25/2026"], [date(2026, 3, 4), date(2026, 4, 25)], id="a-day-over-12-comes-second"
        ),
        pytest.param(
            ["03/04/2026", "05/06/2026"], [date(2026, 3, 4), date(2026, 5, 6)], id="english-headers-mean-month-first"
        ),
        pytest.param(["03.04.2026", "05.06.2026"], [date(2026, 4, 3), date(2026, 6, 5)], id="dots-mean-day-first"),
        pytest.param(["2026-04-03", "2026-04-03T10:00:00Z"], [date(2026, 4, 3), date(2026, 4, 3)], id="iso"),
        pytest.param(["Apr 3, 2026", "25 April 2026"], [date(2026, 4, 3), date(2026, 4, 25)], id="words"),
        pytest.param(["3 апр 2026", "25 апреля 2026 г."], [date(2026, 4, 3), date(2026, 4, 25)], id="russian-words"),
    ],
)
def test_the_order_of_day_and_month_is_decided_by_the_whole_column(cells: list[str], expected: list[date]) -> None:
    rows = [
        ["Deal ID", "Deal Stage", "Amount", "Create date"],
        *([str(n), "Won", "1", cell] for n, cell in enumerate(cells, 100)),
    ]
    assert [deal.created_on for deal in deals("d.csv", table(rows)).values()] == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(["1 234,56", "12,5"], ["1234.56", "12.5"], id="russian"),
        pytest.param(["1,234.56", "3,900"], ["1234.56", "3900"], id="american"),
        pytest.param(["1.234,56 €", "900,00 €"], ["1234.56", "900.00"], id="german"),
        pytest.param(["(120.00)", "-5"], ["-120.00", "-5"], id="negative"),
        pytest.param(["49 000 ₽", "6 900 руб."], ["49000", "6900"], id="with-currency"),
    ],
)
def test_money_is_read_by_the_marks_of_the_whole_column(cells: list[str], expected: list[str]) -> None:
    rows = [["Deal ID", "Deal Stage", "Amount"], *([str(n), "Won", cell] for n, cell in enumerate(cells, 100))]
    assert [deal.amount for deal in deals("d.csv", table(rows)).values()] == [Decimal(number) for number in expected]


def test_a_workbook_keeps_dates_and_numbers_and_reads_every_sheet(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "crm.xlsx",
        {
            "Сделки": [["Выгрузка за год"], [], ["ID сделки", "Этап", "Сумма", "Создана"], [7, "Оплачено", 12900.5, datetime(2025, 1, 3)]],
            "Расход": [["Дата", "Кампания", "Показы", "Клики", "Расход"], [datetime(2025, 1, 3), "spring", 100, 5, 300.25]],
            "Черновик": [["а", "б"], [1, 2]],
        },
    )  # fmt: skip
    _, raw = registry.read(Source("crm.xlsx", path.read_bytes()))
    (one,) = raw.deals
    assert (one.deal.ref, one.deal.amount, one.deal.created_on) == ("crm.xlsx#7", Decimal("12900.5"), date(2025, 1, 3))
    assert [(spend.day, spend.spend, spend.campaign) for spend in raw.ad_spend] == [
        (date(2025, 1, 3), Decimal("300.25"), "spring")
    ]
    assert [code for code, _, _ in raw.rejects] == ["unknown_table"]


def spends(content: str | bytes, name: str = "spend.csv") -> tuple[AdSpend, ...]:
    return read(name, content)[1].ad_spend


def test_ad_spend_with_and_without_a_platform_column() -> None:
    plain = "date,platform,campaign,ad,impressions,clicks,spend,leads\n2026-01-05,Meta,Spring,Reel,372,15,27.82,1\n"
    (row,) = spends(plain)
    assert (row.day, row.platform, row.campaign, row.ad, row.spend) == (
        date(2026, 1, 5),
        "Meta",
        "Spring",
        "Reel",
        Decimal("27.82"),
    )
    assert (row.impressions, row.clicks, row.leads) == (372, 15, 1)
    (other,) = spends(
        "Day,Campaign name,Ad name,Impressions,Amount spent (USD),Results\n2026-01-05,Spring,Reel,372,27.82,1\n",
        "meta_report.csv",
    )
    assert (other.platform, other.currency, other.leads) == ("meta", "USD", 1)


def test_a_yandex_direct_report_has_a_title_above_and_a_total_below() -> None:
    report = (
        '"Отчёт за 01.01.2025 - 31.01.2025"\nDate\tCampaignName\tAdGroupName\tAdId\tImpressions\tClicks\tCost\tConversions\n'
        "2025-01-03\tspring\tg1\t55\t1000\t20\t1500.50\t2\n2025-01-04\tspring\tg1\t55\t900\t10\t700.00\t--\n"
        "Total rows: 2\t\t\t\t\t\t\t\n"
    )
    reader, raw = read("direct.tsv", report)
    assert reader == "ad_spend"
    assert [(row.platform, row.spend, row.leads) for row in raw.ad_spend] == [
        ("yandex", Decimal("1500.50"), 2),
        ("yandex", Decimal("700.00"), None),
    ]
    assert [(code, place) for code, place, _ in raw.rejects] == [("total_row", "direct.tsv:5")]


def test_direct_money_in_millionths_is_turned_into_roubles() -> None:
    (row,) = spends(
        "Date\tCampaignName\tImpressions\tClicks\tCost\n2025-01-03\tspring\t1000\t20\t1500500000\n", "direct.tsv"
    )
    assert row.spend == Decimal("1500.5")


def test_an_unknown_table_is_refused_with_its_headers(tmp_path: Path) -> None:
    found = harvested(
        tmp_path, {"stock.csv": table([["Артикул", "Остаток", "Склад"], ["1", "2", "3"], ["4", "5", "6"]], ";")}
    )
    (reject,) = found.rejects
    assert (reject.code, reject.place) == ("unknown_table", "stock.csv")
    assert "Артикул, Остаток, Склад" in reject.reason["ru"]
    assert "Артикул, Остаток, Склад" in reject.reason["en"]


def test_bad_rows_are_listed_by_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    content = (
        "Deal ID,Deal Stage,Amount,Create date,Close date\n100,Won,12,2026-01-01,2026-02-30\n101,Won,a lot,2026-01-01,2026-01-02\n"
        "102,Won,1,2026-01-01,2026-01-02,extra\n,,,,x\n103,Won,5,2026-01-01,2026-01-0"
    )
    found = harvested(tmp_path, {"deals.csv": content})
    assert codes(found) == {
        "deals.csv:2": "bad_date", "deals.csv:3": "bad_amount", "deals.csv:4": "long_row", "deals.csv:5": "empty_row",
        "deals.csv:6": "bad_date",
    }  # fmt: skip
    assert {deal.ref for deal in found.deals} == {"deals.csv#100", "deals.csv#101", "deals.csv#103"}


def test_a_deals_description_is_a_note_with_the_deals_own_ref(tmp_path: Path) -> None:
    found = harvested(tmp_path, {"deals.csv": table(RU_DEALS, ";")})
    (note,) = found.documents
    assert (note.ref, note.kind.value, said(note)) == ("deals.csv#1", "note", "взяла сразу")
    assert found.customer_of["deals.csv#1"] == found.customer_of[note.ref]


def said(document: Document) -> str:
    return "\n".join(utterance.text for utterance in document.utterances)


def test_columns_nobody_knows_are_named_once(tmp_path: Path) -> None:
    rows = [["Deal ID", "Deal Stage", "Amount", "Favourite colour"], ["100", "Won", "5", "red"]]
    found = harvested(tmp_path, {"deals.csv": table(rows)})
    (reject,) = found.rejects
    assert (reject.code, "Favourite colour" in reject.reason["en"]) == ("unused_columns", True)


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        ("Не оплачено", "open"), ("Not sold yet", "open"), ("Отказ клиента", "lost"), ("C1:WON", "won"), ("142", "won"), ("143", "lost"),
        ("closedlost", "lost"), ("Переговоры с клиентом", "open"), ("Customer contacted", "open"), ("Unqualified", "lost"), ("Договор подписан", "won"),
    ],
)  # fmt: skip
def test_stage_words_are_whole_and_negation_counts(stage: str, status: str) -> None:
    rows = [["Deal ID", "Deal Stage", "Amount"], ["100", stage, "5"]]
    assert [deal.status.value for deal in deals("d.csv", table(rows)).values()] == [status]


def test_stages_of_the_trades_own_words_are_settled_by_price_and_closing_date_and_said(tmp_path: Path) -> None:
    rows = [["Deal ID", "Deal Stage", "Amount", "Close date"]]
    rows += [[f"10{n}", "Bouquet handed over", "50", "2026-02-03"] for n in range(4)]
    rows += [[f"20{n}", "Thinking", "", ""] for n in range(3)]
    found = harvested(tmp_path, {"deals.csv": table(rows)})
    assert {(deal.stage, deal.status.value) for deal in found.deals} == {
        ("Bouquet handed over", "won"),
        ("Thinking", "open"),
    }
    assert codes(found) == {"deals.csv": "stages_guessed"}


def test_a_table_without_one_sale_says_so_with_its_stages(tmp_path: Path) -> None:
    rows = [["Deal ID", "Deal Stage", "Amount"], *([f"{n}", "Bouquet handed over", "50"] for n in range(100, 112))]
    (reject,) = harvested(tmp_path, {"deals.csv": table(rows)}).rejects
    assert (reject.code, "Bouquet handed over" in reject.reason["en"]) == ("no_deal_won", True)


def test_a_transcript_kept_in_a_cell_is_a_call(tmp_path: Path) -> None:
    rows = [["Call ID", "Phone", "Call date", "Transcript"]]
    rows += [
        [
            "C-1",
            "+12065550142",
            "2026-02-03 10:00",
            "Agent: Hello, how can I help?\nCustomer: I need a table for my mother.",
        ]
    ]
    (call,) = harvested(tmp_path, {"calls.csv": table(rows)}).documents
    assert (call.kind.value, call.ref) == ("call", "calls.csv#C-1")
    assert [utterance.speaker.value for utterance in call.utterances] == ["agent", "customer"]


def test_many_calls_in_one_json_are_documents_of_their_own(tmp_path: Path) -> None:
    calls = [
        {
            "id": f"c{n}",
            "phone": f"+1206555014{n}",
            "segments": [{"start": 0, "end": 1, "speaker": "A", "text": f"hello number {n}"}],
        }
        for n in range(3)
    ]
    found = harvested(tmp_path, {"calls.json": as_json(calls)})
    assert [document.ref for document in found.documents] == ["calls.json#c0", "calls.json#c1", "calls.json#c2"]
    assert len(set(found.customer_of.values())) == 3


def test_a_table_of_headers_only_says_so(tmp_path: Path) -> None:
    assert codes(harvested(tmp_path, {"deals.csv": "Deal ID,Deal Stage,Amount\n"})) == {"deals.csv": "no_rows"}


@pytest.mark.parametrize("order", [[3, 1, 0, 2], [2, 0, 3, 1], [0, 3], [3, 0, 1]])
@pytest.mark.parametrize("encoding", ["cp1251", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_order_subset_encoding_and_delimiter_do_not_matter(order: list[int], encoding: str, delimiter: str) -> None:
    head = ["ID примечания", "Дата создания", "Ответственный", "Текст примечания"]
    row = ["40001", "23.09.2024 15:10:00", "Ольга", "просит скидку, подумает; перезвонить"]
    content = table([[cells[index] for index in order] for cells in (head, row)], delimiter).encode(encoding)
    reader, raw = read("x.csv", content)
    assert (reader, texts(raw.documents)) == ("sales_notes", [row[3]])
