"""Answers of CRM interfaces: amoCRM, Bitrix24, HubSpot, Salesforce, in JSON as they come over the wire."""
# ruff: noqa: E501  (answers as systems give them are easier to compare unwrapped)

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from exports import as_json

from ingest.model import DealStatus
from ingest.raw import RawDeal, RawDocument, RawFile
from ingest.readers import registry
from ingest.readers.source import Source


def taken(data: Any, name: str = "answer.json") -> tuple[str, RawFile]:
    return registry.read(Source(name, as_json(data).encode()))


def said(document: RawDocument) -> str:
    return "\n".join(utterance.text for utterance in document.utterances)


def one_note(data: Any) -> RawDocument:
    reader, raw = taken(data)
    assert reader == "sales_notes"
    (note,) = raw.documents
    return note


def one_deal(data: Any) -> RawDeal:
    reader, raw = taken(data)
    assert reader == "deals"
    (deal,) = raw.deals
    return deal


CREATED = 1738566300  # 2025-02-03 07:05 UTC
AMO_NOTES = {"_page": 1, "_links": {"self": {"href": "https://example.amocrm.ru/api/v4/leads/notes"}}, "_embedded": {"notes": [
    {"id": 42709325, "entity_id": 26050861, "created_by": 940088, "updated_by": 940088, "created_at": CREATED, "updated_at": CREATED, "responsible_user_id": 940088, "group_id": 0,
     "note_type": "common", "params": {"text": "Просит <b>счёт</b> на юрлицо"}, "is_pinned": False, "account_id": 17079858, "_links": {"self": {"href": "x"}}},
    {"id": 42709326, "entity_id": 26050861, "created_at": CREATED, "responsible_user_id": 940088, "note_type": "call_in",
     "params": {"uniq": "u1", "duration": 65, "source": "onlinePBX", "link": "https://x/1.mp3", "phone": "+79123456789", "call_status": 4, "call_result": "Перезвонить в среду"}, "account_id": 1}]}}  # fmt: skip
AMO_LEADS = {"_page": 1, "_links": {"next": {"href": "x"}}, "_embedded": {"leads": [
    {"id": 26050861, "name": "Сделка с сайта", "price": 12900, "responsible_user_id": 940088, "group_id": 0, "status_id": 142, "pipeline_id": 312, "loss_reason_id": None, "created_by": 0, "updated_by": 0,
     "created_at": CREATED, "updated_at": CREATED, "closed_at": CREATED + 864000, "closest_task_at": None, "is_deleted": False,
     "custom_fields_values": [{"field_id": 1, "field_name": "Источник", "field_code": None, "field_type": "select", "values": [{"value": "vk", "enum_id": 5}]},
                              {"field_id": 2, "field_name": "utm_campaign", "field_code": "UTM_CAMPAIGN", "field_type": "tracking_data", "values": [{"value": "spring"}]}],
     "score": None, "account_id": 1, "labor_cost": None, "_links": {"self": {"href": "x"}},
     "_embedded": {"tags": [{"id": 1, "name": "сайт"}], "companies": [], "contacts": [{"id": 7143559, "is_main": True, "_links": {"self": {"href": "x"}}}]}},
    {"id": 26050862, "name": "Вторая", "price": 0, "status_id": 143, "pipeline_id": 312, "created_at": CREATED, "closed_at": CREATED, "custom_fields_values": None,
     "_embedded": {"loss_reason": [{"id": 4203748, "name": "Дорого"}], "contacts": [{"id": 7143560}]}}]}}  # fmt: skip


def test_amocrm_notes_and_calls_keep_text_phone_and_deal() -> None:
    reader, raw = taken(AMO_NOTES)
    assert reader == "sales_notes"
    note, call = raw.documents
    assert (note.ref, said(note), note.contact.deal_ids) == (
        "answer.json#42709325",
        "Просит <b>счёт</b> на юрлицо",
        ("26050861",),
    )
    assert note.occurred_at == datetime(2025, 2, 3, 7, 5)
    assert (said(call), call.contact.phones) == ("Перезвонить в среду", ("+79123456789",))


def test_amocrm_leads_are_deals_with_their_contact_and_closing_statuses() -> None:
    reader, raw = taken(AMO_LEADS)
    assert reader == "deals"
    won, lost = raw.deals
    assert (won.deal.ref, won.deal.status, won.deal.amount) == ("answer.json#26050861", DealStatus.WON, Decimal(12900))
    assert (won.deal.created_on, won.deal.closed_on) == (date(2025, 2, 3), date(2025, 2, 13))
    assert (won.deal.source, won.deal.campaign) == ("vk", "spring")
    assert (won.contact.contact_ids, won.contact.deal_ids) == (("7143559",), ("26050861",))
    assert (lost.deal.status, lost.deal.loss_reason) == (DealStatus.LOST, "Дорого")


BITRIX_DEALS = {"result": [{"ID": "410", "TITLE": "Новая сделка #410", "TYPE_ID": "SALE", "CATEGORY_ID": "0", "STAGE_ID": "WON", "STAGE_SEMANTIC_ID": "S", "OPPORTUNITY": "4900.00", "CURRENCY_ID": "RUB", "CONTACT_ID": "984",
    "COMPANY_ID": "0", "BEGINDATE": "2025-02-03T03:00:00+03:00", "CLOSEDATE": "2025-02-13T03:00:00+03:00", "ASSIGNED_BY_ID": "6", "DATE_CREATE": "2025-02-03T14:05:00+03:00", "CLOSED": "Y",
    "COMMENTS": "[p]Берёт [b]второй[/b] раз[/p]", "SOURCE_ID": "WEB", "UTM_SOURCE": "vk", "UTM_CAMPAIGN": "spring"}], "total": 1, "time": {"start": 1.0, "finish": 2.0}}  # fmt: skip
BITRIX_ITEMS = {"result": {"items": [{"id": 410, "title": "Новая сделка #410", "typeId": "SALE", "categoryId": 0, "stageId": "C1:LOSE", "opportunity": 4900, "currencyId": "RUB", "contactId": 984, "contactIds": [984],
    "companyId": 0, "begindate": "2025-02-03T03:00:00+03:00", "closedate": "2025-02-13T03:00:00+03:00", "assignedById": 6, "createdTime": "2025-02-03T14:05:00+03:00", "closed": "Y", "comments": "<p>Дорого</p>",
    "sourceId": "WEB", "utmSource": "vk", "utmCampaign": "spring", "ufCrm12": "x"}]}, "total": 1, "time": {"start": 1.0}}  # fmt: skip
BITRIX_LEADS = {"result": [{"ID": "901", "TITLE": "Заявка с сайта", "NAME": "Анна", "SECOND_NAME": None, "LAST_NAME": "Ильина", "COMMENTS": "[b]Нужен[/b] зал на субботу", "STATUS_ID": "NEW", "SOURCE_ID": "WEB", "OPPORTUNITY": "0.00",
    "CURRENCY_ID": "RUB", "DATE_CREATE": "2025-02-03T14:05:00+03:00", "ASSIGNED_BY_ID": "6", "UTM_SOURCE": "yandex", "UTM_CAMPAIGN": "zal", "UTM_CONTENT": "b1",
    "PHONE": [{"ID": "1", "VALUE_TYPE": "WORK", "VALUE": "+79123456789", "TYPE_ID": "PHONE"}], "EMAIL": [{"ID": "2", "VALUE_TYPE": "WORK", "VALUE": "anna@example.com", "TYPE_ID": "EMAIL"}]}], "total": 1}  # fmt: skip
BITRIX_COMMENTS = {"result": [{"ID": "12", "CREATED": "2025-02-03T14:05:00+03:00", "ENTITY_ID": "410", "ENTITY_TYPE": "deal", "AUTHOR_ID": "6", "COMMENT": "[b]Ждёт[/b] договор, [url=https://x]ссылка[/url]", "FILES": {}}]}  # fmt: skip
BITRIX_ACTIVITIES = {"result": [{"ID": "77", "OWNER_ID": "410", "OWNER_TYPE_ID": "2", "TYPE_ID": "2", "PROVIDER_ID": "VOXIMPLANT_CALL", "SUBJECT": "Входящий от 7 912 345-67-89", "DESCRIPTION": "Спрашивала <b>про рассрочку</b>", "DESCRIPTION_TYPE": "3",
    "DIRECTION": "1", "CREATED": "2025-02-03T14:05:00+03:00", "START_TIME": "2025-02-03T14:00:00+03:00", "END_TIME": "2025-02-03T14:10:00+03:00", "RESPONSIBLE_ID": "6",
    "COMMUNICATIONS": [{"ID": "1", "TYPE": "PHONE", "VALUE": "+79123456789", "ENTITY_ID": "984", "ENTITY_TYPE_ID": "3", "ENTITY_SETTINGS": {"NAME": "Анна", "LAST_NAME": "Ильина"}}]}], "total": 1}  # fmt: skip


@pytest.mark.parametrize(("data", "status", "note"), [
    pytest.param(BITRIX_DEALS, DealStatus.WON, "Берёт второй раз", id="crm.deal.list"),
    pytest.param(BITRIX_ITEMS, DealStatus.LOST, "<p>Дорого</p>", id="crm.item.list"),
])  # fmt: skip
def test_bitrix_deals_in_capitals_and_in_camel_case(data: Any, status: DealStatus, note: str) -> None:
    found = one_deal(data)
    assert (found.deal.ref, found.deal.status, found.deal.amount, found.deal.currency) == (
        "answer.json#410",
        status,
        Decimal(4900),
        "RUB",
    )
    assert (found.deal.created_on, found.deal.closed_on, found.deal.campaign) == (
        date(2025, 2, 3),
        date(2025, 2, 13),
        "spring",
    )
    assert (found.contact.contact_ids, found.contact.deal_ids, found.description) == (("984",), ("410",), note)


def test_a_bitrix_lead_is_a_response_to_an_ad() -> None:
    reader, raw = taken(BITRIX_LEADS)
    assert reader == "ad_responses"
    (response,) = raw.documents
    assert (response.ref, said(response)) == ("answer.json#901", "Нужен зал на субботу")
    assert (response.contact.phones, response.contact.emails, response.contact.names) == (
        ("+79123456789",),
        ("anna@example.com",),
        ("Анна Ильина",),
    )
    assert (response.platform, response.campaign, response.ad, response.occurred_at) == (
        "yandex",
        "zal",
        "b1",
        datetime(2025, 2, 3, 14, 5),
    )


def test_a_bitrix_timeline_comment_is_a_note_of_its_deal_without_markup() -> None:
    note = one_note(BITRIX_COMMENTS)
    assert (note.ref, said(note), note.contact.deal_ids) == ("answer.json#12", "Ждёт договор, ссылка", ("410",))


def test_a_bitrix_activity_knows_whom_it_was_with() -> None:
    note = one_note(BITRIX_ACTIVITIES)
    assert said(note).endswith("Спрашивала <b>про рассрочку</b>")
    assert (note.contact.phones, note.contact.deal_ids, note.occurred_at) == (
        ("+79123456789",),
        ("410",),
        datetime(2025, 2, 3, 14, 0),
    )


HUBSPOT_CALLS = {"results": [{"id": "501", "createdAt": "2026-02-03T14:05:00Z", "updatedAt": "2026-02-03T14:05:00Z", "archived": False, "properties": {
    "hs_call_title": "Call with Ann", "hs_call_body": "<p>Wants two seats near the window</p>", "hs_call_summary": None, "hs_call_direction": "INBOUND", "hs_call_disposition": "f240bbac", "hs_call_duration": "300000",
    "hs_call_from_number": "+12065550142", "hs_call_to_number": "+18005550100", "hs_call_recording_url": "https://x", "hs_call_has_transcript": "false", "hs_call_transcription_id": None,
    "hs_timestamp": "2026-02-03T14:00:00Z", "hubspot_owner_id": "77", "hs_object_id": "501", "hs_createdate": "2026-02-03T14:05:00Z", "hs_lastmodifieddate": "2026-02-03T14:05:00Z"},
    "associations": {"contacts": {"results": [{"id": "901", "type": "call_to_contact"}]}, "deals": {"results": [{"id": "801", "type": "call_to_deal"}]}}}], "paging": {"next": {"after": "1"}}}  # fmt: skip
HUBSPOT_DEALS = {"results": [{"id": "801", "createdAt": "2026-02-03T14:05:00Z", "archived": False, "properties": {"amount": "1500.50", "closedate": "2026-02-13T14:05:00Z", "createdate": "2026-02-03T14:05:00Z", "dealname": "Reed - Table",
    "dealstage": "closedwon", "hs_object_id": "801", "pipeline": "default", "hs_analytics_source": "PAID_SOCIAL", "deal_currency_code": "USD", "closed_lost_reason": ""},
    "associations": {"contacts": {"results": [{"id": "901", "type": "deal_to_contact"}]}}}]}  # fmt: skip


def test_a_hubspot_call_keeps_its_notes_and_the_callers_number() -> None:
    note = one_note(HUBSPOT_CALLS)
    assert (note.ref, note.occurred_at) == ("answer.json#501", datetime(2026, 2, 3, 14, 0))
    assert "Wants two seats near the window" in said(note)
    assert (note.contact.phones, note.contact.contact_ids, note.contact.deal_ids) == (
        ("+12065550142",),
        ("901",),
        ("801",),
    )


def test_a_hubspot_deal_is_read_from_its_properties() -> None:
    found = one_deal(HUBSPOT_DEALS)
    assert (found.deal.ref, found.deal.status, found.deal.amount, found.deal.currency) == (
        "answer.json#801",
        DealStatus.WON,
        Decimal("1500.50"),
        "USD",
    )
    assert (found.deal.created_on, found.deal.closed_on, found.contact.contact_ids) == (
        date(2026, 2, 3),
        date(2026, 2, 13),
        ("901",),
    )


SALESFORCE_OPPORTUNITIES = {"totalSize": 1, "done": True, "records": [{"attributes": {"type": "Opportunity", "url": "/x"}, "Id": "0065g00000ABCDE", "Name": "Reed - Table", "StageName": "Closed Won", "Amount": 1500.5, "CloseDate": "2026-02-13",
    "CreatedDate": "2026-02-03T14:05:00.000+0000", "LeadSource": "Web", "ContactId": "0035g00000XYZ1", "Account": {"attributes": {"type": "Account"}, "Name": "Reed family"}, "IsWon": True, "IsClosed": True}]}  # fmt: skip
SALESFORCE_TASKS = {"totalSize": 1, "done": True, "records": [{"attributes": {"type": "Task", "url": "/x"}, "Id": "00T5g00000QQQQQ", "Subject": "Call", "Description": "Worried about the lead time", "WhoId": "0035g00000XYZ1", "WhatId": "0065g00000ABCDE",
    "ActivityDate": "2026-02-03", "Status": "Completed", "Owner": {"attributes": {"type": "User"}, "Name": "Priya Nair"}}]}  # fmt: skip


def test_a_salesforce_opportunity_is_a_deal() -> None:
    found = one_deal(SALESFORCE_OPPORTUNITIES)
    assert (found.deal.ref, found.deal.status, found.deal.amount, found.deal.source) == (
        "answer.json#0065g00000ABCDE",
        DealStatus.WON,
        Decimal("1500.5"),
        "Web",
    )
    assert (found.deal.closed_on, found.contact.contact_ids) == (date(2026, 2, 13), ("0035g00000XYZ1",))


def test_a_salesforce_task_is_a_note_of_its_contact_and_opportunity() -> None:
    note = one_note(SALESFORCE_TASKS)
    assert (said(note), note.occurred_at) == ("Worried about the lead time", datetime(2026, 2, 3))
    assert (note.contact.contact_ids, note.contact.deal_ids) == (("0035g00000XYZ1",), ("0065g00000ABCDE",))


def test_several_kinds_of_records_in_one_answer_are_all_taken() -> None:
    reader, raw = taken({"exported_at": "2026-02-03", "deals": [
        {"id": 501, "title": "Стол", "stage": "Оплачено", "amount": "12 900,50 ₽", "phone": "8 912 345-67-89", "created": "03.02.2026"}],
        "notes": [{"id": 9001, "deal_id": 501, "text": "просит доставку", "created": "04.02.2026"}]})  # fmt: skip
    assert set(reader.split("+")) == {"deals", "sales_notes"}
    assert [deal.deal.amount for deal in raw.deals] == [Decimal("12900.50")]
    assert [said(note) for note in raw.documents] == ["просит доставку"]


def test_unix_times_localised_money_and_nested_people_in_ones_own_json() -> None:
    found = one_deal(
        [
            {
                "id": 501,
                "stage": "Успешно",
                "amount": 1500,
                "created_at": CREATED,
                "contact": {"name": "Анна Ильина", "phone": "+7 912 345-67-89"},
            }
        ]
    )
    assert (found.deal.created_on, found.contact.names, found.contact.phones) == (
        date(2025, 2, 3),
        ("Анна Ильина",),
        ("+7 912 345-67-89",),
    )
