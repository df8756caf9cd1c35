"""The one door: the same files give the same harvest, twice is once, everything that leaves is marked and redacted."""
# ruff: noqa: E501  (rows of real exports are easier to compare unwrapped)

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from exports import OPTIONS, codes, folder, harvested, table

from ingest.model import Stakeholder, TextKind
from ingest.pipeline import harvest

FILES: dict[str, str | bytes] = {
    "calls/20250302_1000_+79123456789.txt": "Менеджер: Добрый день, школа «Лира», чем помочь?\nКлиент: Хочу узнать цену на курс для дочки, она рисует с трёх лет\n",
    "calls/20250303_1100_+79995550011.txt": "Менеджер: Добрый день, школа «Лира».\nКлиент: Запишите нас на вечернее занятие, раньше мы не успеваем\n",
    "leads_vk.csv": table([["ID заявки", "Кампания", "Имя", "Телефон", "Что вам нужно?"], ["77001", "spring", "Анна", "8 912 345-67-89", "кружок рядом с домом"]], ";"),
    "ad_spend.csv": "date,platform,campaign,ad,impressions,clicks,spend,leads\n2025-03-01,vk,spring,a,100,5,300.50,1\n",
    "personas/marketing.md": "# Портрет клиента (маркетинг)\n\nМолодые мамы рядом с домом.\n",
    "creatives/one.md": "---\ncampaign: spring\naudience: мамы\n---\n# Рисуем вместе\n\nПервое занятие бесплатно.\n",
    "scripts/call.md": "# Скрипт\n\n## Приветствие\nДобрый день!\n",
}  # fmt: skip


def test_the_same_files_give_the_same_harvest(tmp_path: Path) -> None:
    assert harvested(tmp_path, FILES) == harvested(tmp_path, FILES)


def test_the_order_of_paths_changes_no_document(tmp_path: Path) -> None:
    root = folder(tmp_path, FILES)
    paths = [root / name for name in ("calls", "leads_vk.csv")]
    one, other = harvest(paths, OPTIONS), harvest(paths[::-1], OPTIONS)
    assert (one.documents, one.customer_of) == (other.documents, other.customer_of)


def test_refs_are_relative_and_unique_even_for_two_folders_of_one_content(tmp_path: Path) -> None:
    first = folder(
        tmp_path / "spring",
        {"notes.csv": table([["ID примечания", "Контакт", "Текст примечания"], ["40001", "Анна", "ждёт смету"]])},
    )
    other = folder(
        tmp_path / "autumn",
        {"notes.csv": table([["ID примечания", "Контакт", "Текст примечания"], ["40002", "Олег", "думает"]])},
    )
    found = harvest([first, other], OPTIONS)
    assert sorted(document.ref for document in found.documents) == ["autumn/notes.csv#40002", "notes.csv#40001"]
    assert not any(str(tmp_path) in file.path for file in found.files)


def test_a_second_call_skips_what_has_not_changed(tmp_path: Path) -> None:
    first = harvested(tmp_path, FILES)
    seen = {file.path: file.sha256 for file in first.files}
    changed = {
        "calls/20250303_1100_+79995550011.txt": "Менеджер: Добрый день.\nКлиент: Передумал, спасибо, сын уже ходит на плавание\n"
    }
    second = harvest([folder(tmp_path, changed)], replace(OPTIONS, seen=seen))
    assert [document.ref for document in second.documents] == ["calls/20250303_1100_+79995550011.txt"]
    assert {file.reader for file in second.files} == {"unchanged", "dialogue"}
    assert (second.deals, second.ad_spend, second.texts, second.rejects) == ((), (), (), ())


def test_a_copy_of_a_table_is_not_counted_twice(tmp_path: Path) -> None:
    found = harvested(
        tmp_path, {**FILES, "leads_vk (1).csv": FILES["leads_vk.csv"], "z_spend.csv": FILES["ad_spend.csv"]}
    )
    assert codes(found) == {"leads_vk.csv": "same_file", "z_spend.csv": "same_file"} or codes(found) == {
        "leads_vk (1).csv": "same_file",
        "z_spend.csv": "same_file",
    }
    assert len(found.ad_spend) == 1


def test_overlapping_exports_of_deals_count_each_deal_once(tmp_path: Path) -> None:
    head = ["ID сделки", "Этап сделки", "Бюджет"]
    found = harvested(
        tmp_path,
        {
            "deals_1.csv": table([head, ["18001", "Думает", ""], ["18002", "Оплачено", "5"]]),
            "deals_2.csv": table([head, ["18001", "Оплачено", "7"]]),
        },
    )
    assert {deal.ref: deal.status.value for deal in found.deals} == {
        "deals_1.csv#18002": "won",
        "deals_2.csv#18001": "won",
    }
    assert codes(found) == {"deals_1.csv#18001": "repeated_deal"}


def test_prose_is_known_by_its_folder_and_its_writer_by_name_or_heading(tmp_path: Path) -> None:
    found = harvested(
        tmp_path,
        {
            "personas/marketing.md": "# Audience\n\nYoung renters.\n",
            "портреты/1.md": "# Кто покупает. Отдел продаж\n\nСемьи.\n",
            "personas/2.txt": "Notes from the founder\n\nPeople like me.\n",
            "креативы/a.md": "# Рисуем\n- platform: VK\n- campaign: spring\n\nТекст.\n",
            "скрипты/v3.md": "# Скрипт звонка\n\nДобрый день!\n",
        },
    )
    assert {text.ref: (text.kind, text.stakeholder) for text in found.texts} == {
        "personas/marketing.md": (TextKind.PERSONA, Stakeholder.MARKETING),
        "портреты/1.md": (TextKind.PERSONA, Stakeholder.SALES),
        "personas/2.txt": (TextKind.PERSONA, Stakeholder.OWNER),
        "креативы/a.md": (TextKind.CREATIVE, None),
        "скрипты/v3.md": (TextKind.SCRIPT, None),
    }
    (creative,) = (text for text in found.texts if text.kind is TextKind.CREATIVE)
    assert creative.attributes == (("platform", "VK"), ("campaign", "spring"))


@pytest.mark.parametrize(("kind", "expected"), [("persona", "persona"), ("creative", "creative"), ("script", "script")])
def test_the_kind_can_be_given(tmp_path: Path, kind: str, expected: str) -> None:
    found = harvested(
        tmp_path, {"notes from the day.txt": "Our client is a parent with a small child."}, replace(OPTIONS, kind=kind)
    )
    assert [text.kind.value for text in found.texts] == [expected]


def test_a_word_document_can_be_a_persona(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_heading("Кто наш клиент (собственник)", level=1)
    document.add_paragraph("Семьи с детьми, которые живут рядом.")
    document.add_paragraph("Платят сразу за полгода.", style="List Bullet")
    (tmp_path / "personas").mkdir()
    document.save(str(tmp_path / "personas" / "x.docx"))
    (text,) = harvest([tmp_path], OPTIONS).texts
    assert (text.stakeholder, text.name) == (Stakeholder.OWNER, "Кто наш клиент (собственник)")
    assert "- Платят сразу за полгода." in text.text


FLAGS = [
    pytest.param("Клиент: Алло?\nМенеджер: Вас не слышно.\n", {"voicemail"}, id="nobody-there"),
    pytest.param("Менеджер: Абонент временно недоступен, оставьте сообщение после сигнала. Спасибо, перезвоните нам позже, пожалуйста.\n", {"voicemail"}, id="voicemail"),
    pytest.param("Менеджер: Здравствуйте, чем помочь?\nКлиент: Хочу узнать цену на курс для дочки, она рисует с трёх лет и очень старается\n", set(), id="a-talk"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "flags"), FLAGS)
def test_calls_without_a_conversation_are_marked(tmp_path: Path, content: str, flags: set[str]) -> None:
    (document,) = harvested(tmp_path, {"calls/a.txt": content}).documents
    assert set(document.flags) == flags


def test_the_same_words_twice_are_marked_once(tmp_path: Path) -> None:
    long = "Хочу узнать цену на курс для дочки, она рисует с трёх лет, ходит в сад у парка, а после пяти мы свободны почти каждый день недели кроме среды и ещё субботы, потому что тогда у нас бассейн и бабушка в гостях с пирогами"
    talk = "Менеджер: Здравствуйте, чем помочь?\nКлиент: {}\n"
    found = harvested(
        tmp_path,
        {
            "calls/20250301_1000_+79123456789.txt": talk.format(long),
            "calls/20250302_1000_+79995550011.txt": talk.format(long),
            "calls/20250303_1000_+79995550012.txt": talk.format(long + ", вот так"),
        },
    )
    assert [document.flags for document in found.documents] == [(), ("duplicate",), ("near_duplicate",)]


def test_language_is_told_document_by_document(tmp_path: Path) -> None:
    found = harvested(
        tmp_path,
        {
            "calls/a.txt": "Менеджер: Добрый день!\nКлиент: Сколько стоит курс?\n",
            "calls/b.txt": "Agent: Good afternoon!\nCustomer: How much is the course?\n",
        },
    )
    assert [document.language for document in found.documents] == ["ru", "en"]


def test_progress_only_grows_and_ends_full(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    harvest([folder(tmp_path, FILES)], OPTIONS, lambda done, total: steps.append((done, total)))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1][0] == steps[-1][1]


def test_a_plain_text_can_be_called_a_note(tmp_path: Path) -> None:
    found = harvested(
        tmp_path,
        {"from the phone.txt": "Anna wants the morning group, her number is +1 206 555 0142."},
        replace(OPTIONS, kind="note"),
    )
    (note,) = found.documents
    assert (note.kind.value, note.reader) == ("note", "sales_notes")
    assert "206" not in note.utterances[0].text
