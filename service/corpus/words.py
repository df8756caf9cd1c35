"""A receipt in the words of the person who uploaded, Russian and English."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from service.corpus.receipt import Language, Receipt

_WORDS: Final[dict[str, dict[Language, str]]] = {
    "files": {"ru": "Файлы", "en": "Files"},
    "unchanged": {"ru": "без изменений с прошлого раза", "en": "unchanged since last time"},
    "replaced": {"ru": "заменены новой версией", "en": "replaced by a newer version"},
    "documents": {"ru": "Документы", "en": "Documents"},
    "customers": {"ru": "Клиенты", "en": "Customers"},
    "new": {"ru": "новых", "en": "new"},
    "total": {"ru": "всего", "en": "in all"},
    "deals": {"ru": "Сделки", "en": "Deals"},
    "prose": {"ru": "тексты", "en": "prose"},
    "ad_spend": {"ru": "Строк расхода на рекламу", "en": "Ad spend rows"},
    "texts": {"ru": "Тексты компании", "en": "The company's own texts"},
    "joined": {"ru": "Связаны с клиентом по ключам", "en": "Tied to a customer by"},
    "redacted": {"ru": "Скрыто личных данных", "en": "Personal data hidden"},
    "unsure": {
        "ru": "Звонки, где неясно, кто из двоих клиент (их слова не идут в анализ)",
        "en": "Calls where it is unclear which voice is the customer (kept out of the analysis)",
    },
    "rejects": {"ru": "Не принято", "en": "Not taken"},
    "nothing_rejected": {"ru": "Принято всё", "en": "Everything was taken"},
    "superseded": {
        "ru": "Сделки из прежних файлов заменены новой выгрузкой",
        "en": "Deals of earlier files replaced by the newer export",
    },
    "removed": {
        "ru": "Строки, которых больше нет в файлах, убраны",
        "en": "Rows that their files no longer hold, taken out",
    },
    "rejoined": {
        "ru": "Прежние записи перешли к другому клиенту: нашёлся общий ключ",
        "en": "Earlier records moved to another customer: a shared key turned up",
    },
    "forgotten": {
        "ru": "Пропущены записи клиентов, которых просили забыть",
        "en": "Left out: records of customers who asked to be forgotten",
    },
    "more": {"ru": "… и ещё", "en": "… and more:"},
    "call": {"ru": "звонки", "en": "calls"},
    "note": {"ru": "заметки", "en": "notes"},
    "ad_response": {"ru": "отклики на рекламу", "en": "ad responses"},
    "persona": {"ru": "персоны", "en": "personas"},
    "creative": {"ru": "креативы", "en": "creatives"},
    "script": {"ru": "скрипты", "en": "scripts"},
    "phone": {"ru": "телефон", "en": "phone"},
    "email": {"ru": "почта", "en": "e-mail"},
    "deal": {"ru": "сделка", "en": "deal id"},
    "contact": {"ru": "контакт", "en": "contact id"},
    "lead": {"ru": "лид", "en": "lead id"},
    "name": {"ru": "имя", "en": "name"},
    "card": {"ru": "карта", "en": "card"},
    "address": {"ru": "адрес", "en": "address"},
    "passport": {"ru": "паспорт", "en": "passport"},
    "url": {"ru": "ссылка", "en": "link"},
    "handle": {"ru": "ник", "en": "handle"},
    "staff": {"ru": "сотрудники", "en": "staff"},
    "birth": {"ru": "дата рождения", "en": "date of birth"},
    "mentioned": {"ru": "названо в разговоре", "en": "said in the talk"},
    "shared": {"ru": "общий ключ, не связывает", "en": "shared key, joins nothing"},
    "title": {"ru": "название записи", "en": "record title"},
    "time": {"ru": "время", "en": "time"},
    "spoken": {"ru": "представился", "en": "introduced by name"},
    "only": {"ru": "единственное такое", "en": "the only such"},
    "ad_responses": {"ru": "выгрузки откликов", "en": "ad response exports"},
    "sales_notes": {"ru": "заметки CRM", "en": "CRM notes"},
    "dialogue": {"ru": "расшифровки диалогом", "en": "dialogue transcripts"},
    "whisper": {"ru": "Whisper JSON", "en": "Whisper JSON"},
    "deepgram": {"ru": "Deepgram JSON", "en": "Deepgram JSON"},
    "vtt": {"ru": "субтитры VTT", "en": "VTT captions"},
    "srt": {"ru": "субтитры SRT", "en": "SRT captions"},
    "inn": {"ru": "ИНН", "en": "INN"},
    "snils": {"ru": "СНИЛС", "en": "SNILS"},
}

SHOWN_REJECTS = 20


def receipt_lines(receipt: Receipt, language: Language | None = None, shown: int = SHOWN_REJECTS) -> list[str]:
    """The receipt as lines of text; the first `shown` rejects with place and sentence, the rest counted."""
    tongue = language or receipt.language
    lines = [*_files(receipt, tongue), *_contents(receipt, tongue), *_changes(receipt, tongue)]
    if not receipt.rejects:
        return [*lines, _say("nothing_rejected", tongue)]
    lines.append(f"{_say('rejects', tongue)}: {len(receipt.rejects)}")
    lines += [f"  {r.place} — {r.reason.get(tongue) or r.reason.get('en', r.code)}" for r in receipt.rejects[:shown]]
    if len(receipt.rejects) > shown:
        lines.append(f"  {_say('more', tongue)} {len(receipt.rejects) - shown}")
    return lines


def _files(receipt: Receipt, tongue: Language) -> list[str]:
    counted = sum(kind.files for kind in receipt.files) + receipt.unchanged
    lines = [f"{_say('files', tongue)}: {counted}"]
    lines += [f"  {_kinds(kind.reader, tongue)}: {kind.files} → {kind.rows}" for kind in receipt.files]
    for key, n in (("unchanged", receipt.unchanged), ("replaced", receipt.changes.replaced_files)):
        if n:
            lines.append(f"  {_say(key, tongue)}: {n}")
    return lines


def _contents(receipt: Receipt, tongue: Language) -> list[str]:
    lines = []
    if receipt.documents:
        lines.append(f"{_say('documents', tongue)}: {_total(receipt.documents, tongue)}")
    new = f"{receipt.customers} ({_say('new', tongue)} {receipt.changes.new_customers}), " if receipt.customers else ""
    lines.append(f"{_say('customers', tongue)}: {new}{_say('total', tongue)} {receipt.customers_total}")
    lines += [f"{_say(key, tongue)}: {n}" for key, n in (("deals", receipt.deals), ("ad_spend", receipt.ad_spend)) if n]
    for key, counted in (("texts", receipt.texts), ("joined", receipt.joined), ("redacted", receipt.redacted)):
        if counted:
            lines.append(f"{_say(key, tongue)}: {_total(counted, tongue)}")
    return lines


def _changes(receipt: Receipt, tongue: Language) -> list[str]:
    changes = receipt.changes
    counted = (
        ("unsure", receipt.roles_unsure),
        ("removed", changes.removed),
        ("superseded", changes.superseded_deals),
        ("rejoined", changes.rejoined),
        ("forgotten", changes.forgotten),
    )
    return [f"{_say(key, tongue)}: {n}" for key, n in counted if n]


def _total(counted: dict[str, int], tongue: Language) -> str:
    parts = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return f"{sum(counted.values())} ({_joined(f'{_kinds(kind, tongue)} {n}' for kind, n in parts)})"


def _kinds(kind: str, tongue: Language) -> str:
    """`name+company` is two keys that match together."""
    return "+".join(_say(part, tongue) for part in kind.split("+"))


def _say(key: str, tongue: Language) -> str:
    return _WORDS[key][tongue] if key in _WORDS else key


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(parts)
