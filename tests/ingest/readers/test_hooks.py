"""Events as CRMs send them: which records they become, and what is refused with a place."""
# ruff: noqa: E501  (calls as systems send them are easier to compare unwrapped)

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest

from ingest.model import DealStatus
from ingest.raw import RawFile
from ingest.readers import registry
from ingest.readers.hooks import body_of, carried, nested
from ingest.readers.source import Source
from ingest.reasons import CannotRead

FORM = "application/x-www-form-urlencoded"
CREATED = 1738566300  # 2025-02-03 07:05 UTC
AMO_NOTE = {
    "leads[note][0][note][id]": "42709325", "leads[note][0][note][note_type]": "4", "leads[note][0][note][element_type]": "2",
    "leads[note][0][note][element_id]": "26050861", "leads[note][0][note][date_create]": "2025-02-03 10:05:00",
    "leads[note][0][note][text]": "Просит счёт на юрлицо", "leads[note][0][note][created_by]": "940088",
    "account[subdomain]": "example", "account[id]": "17079858", "account[_links][self]": "https://example.amocrm.ru",
}  # fmt: skip
AMO_CALL = AMO_NOTE | {
    "leads[note][0][note][id]": "42709326", "leads[note][0][note][note_type]": "10",
    "leads[note][0][note][text]": json.dumps({"UNIQ": "u1", "LINK": "https://x/1.mp3", "PHONE": "+79123456789", "DURATION": 65, "SRC": "pbx", "call_status": "4", "call_result": "Перезвонить в среду"}, ensure_ascii=False),
}  # fmt: skip
AMO_LEAD = {
    "leads[status][0][id]": "26050861", "leads[status][0][name]": "Сделка с сайта", "leads[status][0][status_id]": "142",
    "leads[status][0][old_status_id]": "31", "leads[status][0][price]": "12900", "leads[status][0][pipeline_id]": "312",
    "leads[status][0][last_modified]": str(CREATED + 864000), "leads[status][0][date_create]": str(CREATED), "leads[status][0][created_at]": str(CREATED),
    "leads[status][0][custom_fields][0][id]": "1", "leads[status][0][custom_fields][0][name]": "Источник", "leads[status][0][custom_fields][0][values][0][value]": "vk",
    "leads[status][0][custom_fields][1][name]": "utm_campaign", "leads[status][0][custom_fields][1][code]": "UTM_CAMPAIGN", "leads[status][0][custom_fields][1][values][0][value]": "spring",
    "account[subdomain]": "example",
}  # fmt: skip
AMO_CONTACT = {
    "contacts[add][0][id]": "7143559", "contacts[add][0][name]": "Анна Ильина", "contacts[add][0][type]": "contact",
    "contacts[add][0][custom_fields][0][id]": "2031462", "contacts[add][0][custom_fields][0][name]": "Телефон", "contacts[add][0][custom_fields][0][code]": "PHONE",
    "contacts[add][0][custom_fields][0][values][0][value]": "+7 912 345-67-89", "contacts[add][0][custom_fields][0][values][0][enum]": "1364056",
    "contacts[add][0][linked_leads_id][26050861][ID]": "26050861",
}  # fmt: skip


def called(
    *forms: dict[str, str], system: str = "amocrm", query: str = ""
) -> tuple[dict[str, RawFile], list[tuple[str, str]]]:
    """What the readers take of these calls by file, and (code, place) of what was refused."""
    found = carried(system, [body_of(urlencode(form).encode(), FORM, query) for form in forms], "crm/own")
    taken = {path: registry.read(Source(path, text.encode()))[1] for path, text in found.files.items()}
    return taken, [(reject.code, reject.place) for reject in found.rejects]


def test_an_amocrm_note_is_a_note_of_its_deal() -> None:
    taken, refused = called(AMO_NOTE)
    (note,) = taken["crm/own/notes/42709325.json"].documents
    assert (note.utterances[0].text, note.contact.deal_ids) == ("Просит счёт на юрлицо", ("26050861",))
    assert (note.occurred_at, refused) == (datetime(2025, 2, 3, 10, 5), [])


def test_an_amocrm_call_keeps_its_number_and_what_the_manager_wrote() -> None:
    taken, _ = called(AMO_CALL)
    (call,) = taken["crm/own/notes/42709326.json"].documents
    assert (call.utterances[0].text, call.contact.phones, call.contact.deal_ids) == (
        "Перезвонить в среду", ("+79123456789",), ("26050861",),
    )  # fmt: skip


def test_an_amocrm_deal_won_with_its_contact_from_the_same_moment() -> None:
    taken, refused = called(AMO_LEAD, AMO_CONTACT)
    (deal,) = taken["crm/own/leads/26050861.json"].deals
    assert (deal.deal.status, deal.deal.amount, deal.deal.source, deal.deal.campaign) == (
        DealStatus.WON, Decimal(12900), "vk", "spring",
    )  # fmt: skip
    assert (deal.deal.created_on, deal.deal.closed_on) == (date(2025, 2, 3), date(2025, 2, 13))
    assert deal.contact.contact_ids == ("7143559",)
    (card,) = taken["crm/own/contacts/7143559.json"].contacts
    assert (card.phones, card.contact_ids, refused) == (("+7 912 345-67-89",), ("7143559",), [])


@pytest.mark.parametrize(("form", "code", "place"), [
    pytest.param(AMO_NOTE | {"leads[note][0][note][note_type]": "3"}, "hook_service_note", "crm/own/notes/42709325", id="service note"),
    pytest.param(AMO_NOTE | {"leads[note][0][note][text]": " "}, "hook_empty_note", "crm/own/notes/42709325", id="empty note"),
    pytest.param({"leads[delete][0][id]": "5"}, "hook_deleted", "crm/own/leads/5", id="deleted"),
    pytest.param({"leads[status][0][id]": "5", "leads[status][0][status_id]": "142"}, "hook_partial", "crm/own/leads/5", id="deal without amount"),
    pytest.param({"task[add][0][id]": "5"}, "hook_not_taken", "crm/own/task/5", id="task"),
    pytest.param({"contacts[add][0][id]": "5", "contacts[add][0][name]": "Анна"}, "hook_no_contact", "crm/own/contacts/5", id="contact without a number"),
])  # fmt: skip
def test_what_amocrm_sends_in_vain_is_refused_with_its_place(form: dict[str, str], code: str, place: str) -> None:
    taken, refused = called(form)
    assert (taken, refused) == ({}, [(code, place)])


BITRIX_EVENT = {
    "event": "ONCRMDEALADD",
    "data[FIELDS][ID]": "410",
    "ts": "1738566300",
    "auth[domain]": "x.bitrix24.ru",
    "auth[application_token]": "t",
}
BITRIX_ROBOT = {
    "document_id[0]": "crm",
    "document_id[1]": "CCrmDocumentDeal",
    "document_id[2]": "DEAL_410",
    "auth[domain]": "x.bitrix24.ru",
}


def test_a_bitrix_event_with_a_number_only_is_refused() -> None:
    assert called(BITRIX_EVENT, system="bitrix24") == ({}, [("hook_only_id", "crm/own/deals/410")])


def test_a_bitrix_event_with_fields_is_a_deal() -> None:
    taken, _ = called(
        BITRIX_EVENT
        | {"data[FIELDS][STAGE_ID]": "WON", "data[FIELDS][OPPORTUNITY]": "4900.00", "data[FIELDS][CURRENCY_ID]": "RUB"},
        system="bitrix24",
    )
    (deal,) = taken["crm/own/deals/410.json"].deals
    assert (deal.deal.status, deal.deal.amount, deal.contact.deal_ids) == (DealStatus.WON, Decimal("4900.00"), ("410",))


def test_a_bitrix_robot_sends_a_comment_about_a_deal() -> None:
    query = urlencode({"comment": "Ждёт договор, смущает цена", "phone": "+7 912 345-67-89"})
    taken, refused = called(BITRIX_ROBOT, system="bitrix24", query=query)
    ((path, raw),) = taken.items()
    (note,) = raw.documents
    assert path.startswith("crm/own/notes/deal-410-")
    assert (note.utterances[0].text, note.contact.deal_ids, note.contact.phones) == (
        "Ждёт договор, смущает цена", ("410",), ("+7 912 345-67-89",),
    )  # fmt: skip
    assert refused == []


def test_a_bitrix_robot_sends_a_deal_by_the_fields_of_its_address() -> None:
    query = urlencode({"STAGE_ID": "LOSE", "OPPORTUNITY": "4900", "phone": "+7 912 345-67-89", "TITLE": "Зал"})
    taken, _ = called(BITRIX_ROBOT, system="bitrix24", query=query)
    (deal,) = taken["crm/own/deals/410.json"].deals
    assert (deal.deal.status, deal.deal.amount, deal.contact.phones) == (
        DealStatus.LOST,
        Decimal(4900),
        ("+7 912 345-67-89",),
    )


def test_an_answer_of_bitrix_passed_on_is_read_like_a_saved_one() -> None:
    body: Any = {
        "result": {"ID": "410", "STAGE_ID": "WON", "OPPORTUNITY": "100", "CURRENCY_ID": "RUB", "CONTACT_ID": "984"}
    }
    found = carried("bitrix24", [body_of(json.dumps(body).encode(), "application/json")], "crm/own")
    ((path, text),) = found.files.items()
    _, raw = registry.read(Source(path, text.encode()))
    assert (path, raw.deals[0].contact.contact_ids) == ("crm/own/deals/410.json", ("984",))


def test_own_records_are_a_file_each_and_the_last_state_stands() -> None:
    def body(text: str) -> dict[str, Any]:
        note = {"id": 9001, "phone": "8 912 345-67-89", "text": text, "created": "04.02.2026"}
        return {"notes": [note], "deals": [{"id": 501, "stage": "Оплачено", "amount": "12 900,50 ₽"}], "sent_at": "x"}

    found = carried("generic", [body("просит доставку"), body("просит доставку в среду")], "crm/own")
    assert sorted(found.files) == ["crm/own/deals/501.json", "crm/own/notes/9001.json"]
    _, raw = registry.read(Source("crm/own/notes/9001.json", found.files["crm/own/notes/9001.json"].encode()))
    assert raw.documents[0].utterances[0].text == "просит доставку в среду"


def test_own_json_without_records_is_refused_with_its_fields() -> None:
    (reject,) = carried("generic", [{"hello": "there"}], "crm/own").rejects
    assert (reject.code, reject.place) == ("hook_records", "crm/own")
    assert "hello" in reject.reason["ru"]


@pytest.mark.parametrize(("data", "kind"), [
    pytest.param(b'{"a": ', "application/json", id="cut json"),
    pytest.param(b'"words"', "application/json", id="json that is no object"),
    pytest.param(b"[" * 100_000, "application/json", id="deep json"),
    pytest.param(b"a=1&" * 30_000, FORM, id="too many fields"),
])  # fmt: skip
def test_a_body_that_is_neither_json_nor_a_form_cannot_be_read(data: bytes, kind: str) -> None:
    with pytest.raises(CannotRead):
        body_of(data, kind)


@pytest.mark.parametrize(("pairs", "expected"), [
    pytest.param([("a[b][0]", "1"), ("a[b][1]", "2")], {"a": {"b": {"0": "1", "1": "2"}}}, id="list"),
    pytest.param([("a", "1"), ("a[b]", "2")], {"a": "1"}, id="branch under a leaf"),
    pytest.param([("a[b]", "1"), ("a", "2")], {"a": {"b": "1"}}, id="leaf over a branch"),
    pytest.param([("a" + "[b]" * 40, "1")], {}, id="too deep"),
    pytest.param([("[x]", "1"), ("", "2")], {}, id="no name"),
    pytest.param([("a[]", "1"), ("a[]", "2")], {"a": {"0": "1", "1": "2"}}, id="unnumbered list"),
])  # fmt: skip
def test_brackets_become_branches(pairs: list[tuple[str, str]], expected: dict[str, Any]) -> None:
    assert nested(pairs) == expected


@pytest.mark.parametrize("system", ["amocrm", "bitrix24", "generic"])
@pytest.mark.parametrize("body", [
    pytest.param({"leads": "x", "event": ["x"], "data": 5}, id="leaves for branches"),
    pytest.param({"leads": {"add": [None, 5, "x"], "note": {"0": {"note": 5}}}}, id="no objects"),
    pytest.param({"result": [None, {"ID": {"x": 1}}], "notes": [{"id": [1]}]}, id="odd ids"),
    pytest.param({"document_id": {"2": "DEAL_../../etc"}, "notes": {"id": "../../../etc/passwd", "text": "x"}}, id="a path for an id"),
    pytest.param({}, id="nothing"),
])  # fmt: skip
def test_no_body_breaks_a_system(system: str, body: dict[str, Any]) -> None:
    found = carried(system, [body], "crm/own")
    assert all(path.startswith("crm/own/") and ".." not in path for path in found.files)
