"""Tables whose headers nobody lists: clear ones, doubtful ones, and one that is none of ours."""

from __future__ import annotations

NAMES = "Анна Ильина,Пётр Орлов,Мария Котова,Олег Панин,Ирина Зуева,Денис Лисин".split(",")
SAID = (
    "клиент просит перезвонить в четверг, думает над ценой",
    "спрашивала про рассрочку, обещала прийти с мужем",
    "отправил смету, ждёт решения жены до пятницы",
    "хочет без выходных, важно чтобы рядом с домом",
    "жалуется на прошлого подрядчика, боится задержек",
    "согласовали дату замера, просил напомнить за день",
)


def lines(header: str, rows: list[str]) -> str:
    """A table of semicolons."""
    return "\n".join([header, *rows]) + "\n"


def clear_notes() -> str:
    """Notes that a machine understands: contact, day, words."""
    rows = [f"{n + 1:02}.02.2025;{name};+7 916 555-01-{n + 10};{SAID[n]}" for n, name in enumerate(NAMES)]
    return lines("День звонка;С кем;Сотовый;Суть беседы", rows)


def doubtful_sales() -> str:
    """Sales without contacts or an outcome: deals, or what the company bought itself."""
    rows = [f"{n + 1:02}.03.2025;{name};Замер окна;{n + 4} 500,00" for n, name in enumerate(NAMES)]
    return lines("Число;Кто;Наименование;Итого к оплате", rows)


def stock() -> str:
    """A list of goods."""
    return lines("Ячейка;Остаток;Вес", [f"{n % 3};{n};{n * 2}" for n in range(6)])
