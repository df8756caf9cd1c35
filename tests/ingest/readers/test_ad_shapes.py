"""Ad responses, reports of calls and of spend, as advertising and telephony systems export them."""
# ruff: noqa: E501  (exports as systems write them are easier to compare unwrapped)

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from exports import as_json, codes, harvested, table

from ingest.model import AdSpend
from ingest.raw import RawDocument, RawFile
from ingest.readers import registry
from ingest.readers.source import Source


def taken(name: str, content: str | bytes) -> tuple[str, RawFile]:
    return registry.read(Source(name, content if isinstance(content, bytes) else content.encode()))


def said(document: RawDocument) -> list[str]:
    return [utterance.text for utterance in document.utterances if utterance.text]


META_HEAD = [
    "id",
    "created_time",
    "ad_id",
    "ad_name",
    "adset_id",
    "adset_name",
    "campaign_id",
    "campaign_name",
    "form_id",
    "form_name",
    "is_organic",
    "platform",
    "какой_торт_вы_хотите?",
    "full_name",
    "phone_number",
    "email",
]
META_ROWS = [
    ["l:901234567890", "2026-01-05T15:47:00-08:00", "ag:120210", "Reel 1", "as:120211", "Широкая", "c:120212", "Торты", "f:555", "Форма", "false", "ig", "двухъярусный на юбилей мамы", "Анна Ильина", "p:+79123456789", "anna@example.com"],
    ["l:901234567891", "2026-01-06T15:47:00-08:00", "", "", "", "", "", "", "f:555", "Форма", "true", "fb", "без сахара, для ребёнка", "Олег", "p:+79123456780", ""],
    ["l:901234567892", "2026-01-06T16:00:00-08:00", "", "", "", "", "", "", "f:555", "Форма", "true", "fb", "<test lead: dummy data for торт>", "<test lead: dummy data for full_name>", "<test lead: dummy data for phone_number>", "test@fb.com"],
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "utf-8"])
def test_a_meta_download_is_tabs_in_utf16_whatever_it_is_called(encoding: str) -> None:
    reader, raw = taken("leads.csv", table([META_HEAD, *META_ROWS], "\t").encode(encoding))
    assert reader == "ad_responses"
    paid, organic = raw.documents
    assert (paid.ref, said(paid), paid.campaign, paid.ad, paid.platform) == (
        "leads.csv#l:901234567890",
        ["двухъярусный на юбилей мамы"],
        "Торты",
        "Reel 1",
        "meta",
    )
    assert (organic.campaign, organic.ad, organic.platform) == (None, None, "meta")
    assert [code for code, _, _ in raw.rejects] == ["test_lead"]


META_API = {"data": [
    {"created_time": "2026-01-05T15:47:00+0000", "id": "901", "ad_id": "120210", "ad_name": "Reel 1", "adset_id": "120211", "adset_name": "Wide", "campaign_id": "120212", "campaign_name": "Cakes", "form_id": "555", "is_organic": False, "platform": "ig",
     "field_data": [{"name": "what_cake_do_you_want?", "values": ["two tiers for my mother's jubilee"]}, {"name": "when", "values": ["this_month"]}, {"name": "full_name", "values": ["Ann Reed"]}, {"name": "phone_number", "values": ["+12065550142"]}]},
    {"created_time": "2026-01-06T15:47:00+0000", "id": "902", "form_id": "555", "is_organic": True, "platform": "fb", "field_data": [{"name": "what_cake_do_you_want?", "values": ["sugar free"]}, {"name": "email", "values": ["bo@example.com"]}]}],
    "paging": {"cursors": {"before": "a", "after": "b"}}}  # fmt: skip
META_WEBHOOK = {"object": "page", "entry": [{"id": "1", "time": 1767628020, "changes": [{"field": "leadgen", "value": {"leadgen_id": "903", "page_id": "1", "form_id": "555", "created_time": 1767628020,
    "field_data": [{"name": "what_cake_do_you_want?", "values": ["lemon"]}, {"name": "email", "values": ["cy@example.com"]}]}}]}]}  # fmt: skip
VK_API = {"response": {"leads": [
    {"lead_id": 771, "user_id": 12, "date": 1738566300, "ad_id": 8, "answers": [
        {"key": "first_name", "answer": {"value": "Анна"}}, {"key": "last_name", "answer": {"value": "Ильина"}}, {"key": "phone_number", "answer": {"value": "+79123456789"}},
        {"key": "custom_0", "answer": {"key": "a1", "value": "хочу торт на юбилей"}}, {"key": "custom_1", "answer": [{"key": "b1", "value": "Доставка"}, {"key": "b2", "value": "Свечи"}]}]}], "next_page_token": "x"}}  # fmt: skip
GOOGLE_HOOKS = [
    {"lead_id": "TeSter-1", "api_version": "1.0", "form_id": 40000000000, "campaign_id": 123456, "google_key": "k", "is_test": True, "gcl_id": "g", "adgroup_id": 20, "creative_id": 30,
     "user_column_data": [{"column_id": "FULL_NAME", "string_value": "FirstName LastName", "column_name": "Full Name"}, {"column_id": "EMAIL", "string_value": "test@example.com"}]},
    {"lead_id": "Cj0-2", "api_version": "1.0", "form_id": 40000000000, "campaign_id": 123456, "google_key": "k", "is_test": False, "gcl_id": "g",
     "user_column_data": [{"column_id": "FULL_NAME", "string_value": "Ann Reed", "column_name": "Full Name"}, {"column_id": "PHONE_NUMBER", "string_value": "+1 206-555-0142", "column_name": "User Phone"},
                          {"column_id": "what_cake", "string_value": "two tiers for a jubilee", "column_name": "What cake do you want?"}]}]  # fmt: skip


def test_meta_answers_over_the_interface_and_by_web_hook() -> None:
    reader, raw = taken("meta.json", as_json(META_API))
    assert reader == "ad_responses"
    assert [(d.ref, said(d)[0], d.campaign, d.platform) for d in raw.documents] == [
        ("meta.json#901", "two tiers for my mother's jubilee", "Cakes", "meta"),
        ("meta.json#902", "sugar free", None, "meta"),
    ]
    _, hook = taken("hook.json", as_json(META_WEBHOOK))
    assert [(d.ref, said(d), d.contact.emails) for d in hook.documents] == [
        ("hook.json#903", ["lemon"], ("cy@example.com",))
    ]


def test_vk_answers_keep_choices_as_a_list() -> None:
    _, raw = taken("vk.json", as_json(VK_API))
    (response,) = raw.documents
    assert (response.ref, said(response), response.platform) == (
        "vk.json#771",
        ["хочу торт на юбилей", "Доставка; Свечи"],
        "vk",
    )
    assert (response.contact.phones, response.contact.names, response.occurred_at) == (
        ("+79123456789",),
        ("Анна Ильина",),
        datetime(2025, 2, 3, 7, 5),
    )


def test_googles_test_lead_is_said_and_left_out() -> None:
    _, raw = taken("google.json", as_json(GOOGLE_HOOKS))
    (response,) = raw.documents
    assert (response.ref, said(response), response.campaign, response.platform) == (
        "google.json#Cj0-2",
        ["two tiers for a jubilee"],
        "123456",
        "google",
    )
    assert [code for code, _, _ in raw.rejects] == ["test_lead"]


CALLTRACKING = [
    {"id": 1, "caller_number": "79123456789", "called_number": "74951234567", "answered": True, "duration": 65, "wait_duration": 4, "start_time": "2026-02-03 14:05:00", "dynamic_call_source_info": {"utm_source": "yandex", "utm_medium": "cpc", "utm_campaign": "torty_msk", "utm_content": "banner1", "utm_term": "торт", "landing_url": "https://x", "referrer": ""}},
    {"id": 2, "caller_number": "79123456780", "called_number": "74951234567", "answered": False, "duration": 0, "wait_duration": 20, "start_time": "2026-02-03 15:05:00", "dynamic_call_source_info": None},
]  # fmt: skip
COMAGIC = {"jsonrpc": "2.0", "id": 1, "result": {"data": [
    {"id": 3181, "start_time": "2026-02-03 14:05:00", "finish_time": "2026-02-03 14:06:10", "finish_reason": "success_finish", "contact_phone_number": "79123456789", "virtual_phone_number": "74951234567", "direction": "in", "is_lost": False, "talk_duration": 65, "campaign_name": "torty_msk", "utm_source": "yandex", "utm_content": "banner1"},
    {"id": 3182, "start_time": "2026-02-03 15:05:00", "finish_time": "2026-02-03 15:05:20", "finish_reason": "subscriber_busy", "contact_phone_number": "79123456780", "virtual_phone_number": "74951234567", "direction": "in", "is_lost": True, "talk_duration": 0, "campaign_name": None, "utm_source": None}],
    "metadata": {"total_items": 2}}}  # fmt: skip
CALLS_CSV = table([
    ["Дата и время", "Номер абонента", "Виртуальный номер", "Длительность разговора", "Статус", "Рекламная кампания", "Источник", "UTM content"],
    ["03.02.2026 14:05:00", "79123456789", "74951234567", "00:01:05", "Отвечен", "torty_msk", "yandex", "banner1"],
    ["03.02.2026 15:05:00", "79123456780", "74951234567", "00:00:00", "Потерян", "", "", ""],
], ";")  # fmt: skip


@pytest.mark.parametrize(("name", "content"), [
    pytest.param("calltracking.json", as_json(CALLTRACKING), id="calltracking.ru"),
    pytest.param("comagic.json", as_json(COMAGIC), id="uis-comagic"),
    pytest.param("звонки.csv", CALLS_CSV, id="calls-csv"),
])  # fmt: skip
def test_a_report_of_calls_ties_callers_to_the_ad_that_brought_them(name: str, content: str) -> None:
    reader, raw = taken(name, content)
    assert reader == "ad_responses"
    (response,) = raw.documents
    assert (response.campaign, response.ad, response.platform) == ("torty_msk", "banner1", "yandex")
    assert (response.contact.phones, response.occurred_at, said(response)) == (
        ("79123456789",),
        datetime(2026, 2, 3, 14, 5),
        [],
    )
    assert [code for code, _, _ in raw.rejects if code != "unused_columns"] == ["call_without_source"]


DIRECT = '"Отчёт по кампаниям 01.01.2026 - 31.01.2026"\nDate\tCampaignName\tAdGroupName\tAdId\tImpressions\tClicks\tCost\tConversions\n{}Total rows: 2\n'


@pytest.mark.parametrize(("money", "spend"), [
    pytest.param(("1500.50", "700.00"), ("1500.50", "700.00"), id="roubles"),
    pytest.param(("1500500000", "700000000"), ("1500.5", "700"), id="micros"),
    pytest.param(("150", "700"), ("150", "700"), id="whole-roubles"),
])  # fmt: skip
def test_yandex_direct_has_a_title_a_total_and_maybe_micros(money: tuple[str, str], spend: tuple[str, str]) -> None:
    body = f"2026-01-03\tТорты\tg\t55\t1000\t20\t{money[0]}\t2\n2026-01-04\tТорты\tg\t55\t900\t10\t{money[1]}\t--\n"
    reader, raw = taken("direct.tsv", DIRECT.format(body))
    assert reader == "ad_spend"
    assert [row.spend for row in raw.ad_spend] == [Decimal(value) for value in spend]
    assert {(row.platform, row.campaign) for row in raw.ad_spend} == {("yandex", "Торты")}
    assert [code for code, _, _ in raw.rejects if code != "unused_columns"] == ["total_row"]


def spends(content: str | bytes, name: str = "расход.csv") -> tuple[AdSpend, ...]:
    reader, raw = taken(name, content)
    assert reader == "ad_spend"
    return raw.ad_spend


SPEND: list[Any] = [
    pytest.param("Месяц;Канал;Кампания;Показы;Клики;Расход, ₽\nянварь 2026;VK;Торты;1 200;35;12 345,67 ₽\nИтого;;;1 200;35;12 345,67 ₽\n", date(2026, 1, 1), "12345.67", id="month-in-words"),
    pytest.param("Период;Площадка;Кампания;Клики;Затраты\n2026-01;Яндекс;Торты;35;12345,67\n", date(2026, 1, 1), "12345.67", id="year-and-month"),
    pytest.param("Неделя,Campaign,Clicks,Cost\n01.01.2026–07.01.2026,Cakes,35,\"$1,234.50\"\n", date(2026, 1, 1), "1234.50", id="week-range"),
    pytest.param("Отчёт по рекламе\n\nДата;Кампания;Показы;Клики;Потрачено всего, ₽\n05.01.2026;Торты;1 200;35;0,00\n", date(2026, 1, 5), "0.00", id="title-row"),
    pytest.param("Reporting starts,Reporting ends,Campaign name,Amount spent (EUR),Impressions,Results\n2026-01-05,2026-01-05,Cakes,12.30,100,1\n", date(2026, 1, 5), "12.30", id="meta-ads-manager"),
    pytest.param("День;Кампания;Показы;Клики;Расход (тыс. руб.)\n05.01.2026;Торты;100;5;12,5\n", date(2026, 1, 5), "12500", id="thousands-in-the-header"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "day", "spend"), SPEND)
def test_spend_by_day_week_or_month_in_anybodys_figures(content: str, day: date, spend: str) -> None:
    (row,) = spends(content)
    assert (row.day, row.spend) == (day, Decimal(spend))


def test_html_formulas_and_signs_without_a_glyph_stay_out_of_the_words(tmp_path: Path) -> None:
    rows = [
        ["ID заявки", "Кампания", "Имя", "Телефон", "Что нужно?"],
        [
            "77001",
            "spring",
            "Ан\u200bна",
            "+7 912 345-67-89",
            "то\u2060рт\U000e0049\U000e0067 \u202eкрасный\u202c 🎂\ufe0f <script>x()</script>",
        ],
    ]
    found = harvested(tmp_path, {"leads.csv": table(rows, ";")})
    assert [utterance.text for utterance in found.documents[0].utterances] == ["торт красный 🎂"]
    assert codes(found) == {}
