"""Small companies whose files hold personal data in every place a file can hold them; every string is listed."""
# ruff: noqa: E501  (rows are easier to compare unwrapped)

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

RU_CALL = """Дата: 12.01.2026 10:00
Клиент: Злата Мышкина
Телефон: +7 903 111-22-33
Менеджер: Добрый день, пекарня «Колос», меня зовут Прохор. Как к вам обращаться?
Клиент: Злата Мышкина. Мой второй телефон 8 916 222 33 44, а почта zlata.myshkina@mail.ru, пишите.
Менеджер: Продиктуйте паспорт для договора.
Клиент: Паспорт 45 08 739164, СНИЛС 112-233-445 95, дата рождения 14.03.1987. Торт на 25 марта, два килограмма.
Клиент: Карта 4276 1600 1234 5670, а ИНН 500100732259. Живу на улице Лесная, дом 15, квартира 8.
Клиент: Муж Евграф заберёт, его номер девятьсот двадцать пять триста сорок пять шестьдесят семь восемьдесят девять.
Клиент: Телеграм @zlatka_pro, вконтакте vk.com/zlatka.home. Расчётный счёт 40817810099910004312.
"""
RU_VTT = """WEBVTT

00:00.000 --> 00:04.000
<v Пелагея Журавлёва>Алло, это Пелагея, я насчёт свадебного торта на сорок гостей.

00:04.000 --> 00:09.000
<v Менеджер>Здравствуйте, слушаю вас.

00:09.000 --> 00:15.000
<v Пелагея Журавлёва>Запишите почту: пелагея точка журавлева собака яндекс точка ру. Свекровь Глафира тоже придёт.
"""
RU_NOTES = """ID примечания;Контакт;Телефон;Email;Дата;Текст примечания
5001;Огурцова Инесса Павловна;8 (937) 444-55-66;inessa.ogurtsova@inbox.ru;10.02.2026;Инесса Павловна просит пирожки на работу, адрес ул. Гагарина, д. 7, кв. 19. Перезвонить 8-937-444-55-66.
5002;Елисей;+79605556677;;11.02.2026;Клиент Щукин Елисей, для чека inn не нужен, паспорт 9204 654321, хочет ржаной хлеб каждый день.
"""
RU_LEADS = """ID заявки;Кампания;Имя;Телефон;Что вам нужно?
7001;весна;Василиса Премудрых;+7 999 777-88-99;Торт на юбилей маме, пишите в t.me/vasilisa_prem или на vasilisa77@bk.ru
"""
RU_DEALS = """ID сделки;Контакт;Телефон;Дата создания;Дата закрытия;Этап;Сумма;Причина отказа;Описание
901;Злата Мышкина;+7 903 111-22-33;10.01.2026;20.01.2026;Успешно реализовано;12 500;;Звонить мужу 8 925 345 67 89
902;Демид Сорокин;89998887766;11.01.2026;21.01.2026;Закрыто и не реализовано;7 000;Ушёл к Фоме, тел 8 912 000 11 22;Просил скидку
"""
RU_PERSONA = """# Портрет клиента (маркетинг)

Наш клиент — мама троих детей. Пример: Устинья Белоногова, 8 901 234 56 78, ustinya@list.ru, живёт на улице Мира, дом 3.
"""
RU_MEMBER = """Менеджер: Добрый день, пекарня «Колос».
Клиент: Здравствуйте, это Ипполит, закажу десять багетов к субботе, мой номер 8 902 333 44 55.
"""

EN_CALL = """Date: 2026-01-12 10:00
Customer: Marisol Quintana
Phone: +1 206 443 0111
Agent: Good morning, Corner Bakery, this is Dudley. Who am I speaking with?
Customer: Marisol Quintana. My cell is 206 443 0122 and my email is marisol.q@gmail.com, write any time.
Customer: My passport number is C47391648 and I was born on March 5, 1987. The cake is for April 25, two tiers.
Customer: The card is 4111 1111 1111 1111. I live at 1420 Maple Grove Avenue, apartment 4B.
Customer: My husband Thaddeus will pick it up, his phone is four two five five five five oh one four two.
Customer: My social is 078-05-1120, my instagram is @mari.bakes and the IBAN is DE89 3704 0044 0532 0130 00.
"""
EN_VTT = """WEBVTT

00:00.000 --> 00:04.000
<v Leocadia Brandt>Hello, this is Leocadia, I need bread for forty guests at a wedding.

00:04.000 --> 00:09.000
<v Agent>Hi, sure, how can I help?

00:09.000 --> 00:15.000
<v Leocadia Brandt>Email me at leocadia dot brandt at yahoo dot com. My sister Philippa comes too.
"""
EN_NOTES = """Note ID,Contact,Phone,Email,Created,Note body
5001,Horatio Fennimore,(503) 444-5566,h.fennimore@outlook.com,2026-02-10,"Horatio wants pies for the office, 77 Cedar Court, unit 19. Call (503) 444-5566."
5002,Clementine,+1 602 555 6677,,2026-02-11,"Spoke with Clementine Oduya, wants rye bread daily, DOB 09/14/1991."
"""
EN_LEADS = """Lead ID,Campaign,Full name,Phone,What do you need?
7001,spring,Evangeline Moss,+1 773 777 8899,A birthday cake for my mum. DM me at t.me/evangeline_m or eva77@aol.com
"""
EN_DEALS = """Deal ID,Contact,Phone,Create date,Close date,Stage,Amount,Lost reason,Description
901,Marisol Quintana,+1 206 443 0111,2026-01-10,2026-01-20,Closed won,1250,,Call her husband on 425 443 6789
902,Barnaby Stroud,312 888 7766,2026-01-11,2026-01-21,Closed lost,700,"Went to Fergus, phone 312 000 1122",Asked for a discount
"""
EN_PERSONA = """# Customer portrait (marketing)

Our customer is a mother of three. Example: Rosamund Whitby, 415 234 5678, rosamund@icloud.com, lives at 3 Willow Lane.
"""
EN_MEMBER = """Agent: Good morning, Corner Bakery.
Customer: Hi, this is Ignatius, ten baguettes for Saturday please, my number is 902 333 4455.
"""


@dataclass(frozen=True)
class Planted:
    """Files of one company and what must be found nowhere: `secrets`; `kept` are words that must survive."""

    files: dict[str, str | bytes]
    secrets: tuple[str, ...]
    kept: tuple[str, ...]


def _zip(member: str, text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(member, (2026, 1, 1, 0, 0, 0)), text)
    return buffer.getvalue()


def _whisper(lines: list[str]) -> str:
    segments = [
        {"start": n * 5.0, "end": n * 5.0 + 4, "text": text, "speaker": "SPEAKER_0" + str(n % 2)}
        for n, text in enumerate(lines)
    ]
    return json.dumps({"segments": segments}, ensure_ascii=False)


RUSSIAN = Planted(
    {
        "calls/call_1.txt": RU_CALL,
        "calls/call_2.vtt": RU_VTT,
        "calls/call_3.json": _whisper(
            [
                "добрый день пекарня колос меня зовут прохор чем помочь",
                "здравствуйте меня зовут акулина мой номер восемь девятьсот три двести один сорок четыре пятьдесят",
                "записала что именно хотите заказать",
                "булочки с корицей каждое утро запишите почту акулина собака мейл ру",
            ]
        ),
        "notes.csv": RU_NOTES,
        "leads_vk.csv": RU_LEADS,
        "deals.csv": RU_DEALS,
        "personas/marketing.md": RU_PERSONA,
        "more.zip": _zip("calls/call_9.txt", RU_MEMBER),
    },
    (
        "Злата", "Мышкин", "903 111-22-33", "79031112233", "9031112233", "8 916 222 33 44", "9162223344", "zlata.myshkina",
        "45 08 739164", "739164", "112-233-445", "14.03.1987", "4276 1600", "1234 5670", "500100732259", "Лесная, дом 15",
        "квартира 8", "Евграф", "триста сорок пять", "zlatka", "40817810099910004312", "Пелаге", "Журавл", "журавлева собака",
        "Глафир", "Огурцов", "Инесс", "Павловн", "937) 444-55-66", "8-937-444-55-66", "inessa", "Гагарина, д. 7", "Щукин",
        "Елисе", "79605556677", "9204 654321", "654321", "Василис", "Премудр", "777-88-99", "vasilisa", "8 925 345 67 89",
        "Демид", "Сорокин", "89998887766", "Фоме", "8 912 000 11 22", "Устинь", "Белоногов", "8 901 234 56 78",
        "ustinya", "улице Мира, дом 3", "Ипполит", "8 902 333 44 55", "Прохор", "прохор", "акулин", "Акулин",
        "двести один сорок четыре", "собака мейл", "собака яндекс", "bk.ru", "inbox.ru", "list.ru",
    ),
    ("Торт на 25 марта", "пирожки на работу", "булочки с корицей", "десять багетов", "мама троих детей", "скидку"),
)  # fmt: skip

ENGLISH = Planted(
    {
        "calls/call_1.txt": EN_CALL,
        "calls/call_2.vtt": EN_VTT,
        "calls/call_3.json": _whisper(
            [
                "good morning corner bakery this is dudley how can i help",
                "hi my name is seraphina my number is two oh six four four three oh one nine nine",
                "great what would you like to order",
                "cinnamon rolls every morning my email is seraphina underscore k at gmail dot com",
            ]
        ),
        "notes.csv": EN_NOTES,
        "leads.csv": EN_LEADS,
        "deals.csv": EN_DEALS,
        "personas/marketing.md": EN_PERSONA,
        "more.zip": _zip("calls/call_9.txt", EN_MEMBER),
    },
    (
        "Marisol", "Quintana", "206 443 0111", "12064430111", "2064430111", "206 443 0122", "2064430122", "marisol.q",
        "gmail.com", "C47391648", "47391648", "March 5, 1987", "1987", "4111 1111", "1420 Maple", "Maple Grove",
        "apartment 4B", "Thaddeus", "four two five five", "oh one four two", "078-05-1120", "mari.bakes", "DE89", "3704 0044",
        "Leocadia", "Brandt", "leocadia", "at yahoo", "dot brandt", "Philippa", "Horatio", "Fennimore", "444-5566",
        "h.fennimore", "outlook.com", "77 Cedar", "Cedar Court", "Clementine", "Oduya", "602 555 6677", "6025556677",
        "09/14/1991", "Evangeline", "777 8899", "7737778899", "evangeline_m", "eva77", "aol.com", "425 443 6789", "Barnaby",
        "Stroud", "312 888 7766", "3128887766", "Fergus", "312 000 1122", "Rosamund", "Whitby", "415 234 5678", "rosamund",
        "3 Willow", "Willow Lane", "Ignatius", "902 333 4455", "Dudley", "dudley", "seraphina", "Seraphina",
        "four four three oh", "underscore k",
    ),
    ("two tiers", "pies for the office", "cinnamon rolls every morning", "ten baguettes", "mother of three", "discount"),
)  # fmt: skip

COMPANIES = {"ru": RUSSIAN, "en": ENGLISH}


def write(planted: Planted, root: Path) -> Path:
    """The files in a new folder."""
    for name, content in planted.files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root
