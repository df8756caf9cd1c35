"""A company written to deceive whoever joins its customers: shared phones, namesakes, typos, strangers' numbers.

Everything is made up by a seeded generator, in Russian (a dental clinic) and English (a kitchen fitter). Each record
knows its customer and its scene, so that what goes wrong can be told by cause.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from ingest.clues import Item, Name
from ingest.spelling import folded

SEED = 7
START = date(2025, 1, 13)
Row = dict[str, str]


class Tongue(NamedTuple):
    """What a company's exports look like in one language."""

    given: tuple[tuple[str, str], ...]
    """Men's names with their short forms, then women's."""
    surnames: tuple[str, ...]
    needs: tuple[str, ...]
    agent: str
    client: str
    hello: str
    note_head: dict[str, str]
    lead_head: dict[str, str]
    deal_head: dict[str, str]
    won: str
    lost: str
    day: str
    also: str
    """How a second number is given in a note."""


RU = Tongue(
    given=(
        ("Роман", "Рома"), ("Тимур", "Тимур"), ("Егор", "Егорка"), ("Виктор", "Витя"), ("Артём", "Тёма"),
        ("Глеб", "Глеб"), ("Николай", "Коля"), ("Фёдор", "Федя"),
        ("Светлана", "Света"), ("Дарья", "Даша"), ("Полина", "Поля"), ("Екатерина", "Катя"), ("Людмила", "Люда"),
        ("Зинаида", "Зина"), ("Юлия", "Юля"), ("Надежда", "Надя"),
    ),
    surnames=(
        "Абрамов", "Бирюков", "Вдовин", "Гаврилин", "Дёмин", "Ершов", "Жаров", "Зуев", "Игнатов", "Калинин", "Лапин",
        "Мухин", "Носов", "Осипов", "Петухов", "Рыбаков", "Сычёв", "Трофимов", "Уткин", "Филатов", "Худяков",
        "Цветков", "Чумаков", "Шубин", "Щукин", "Юдин", "Яшин", "Бочаров", "Горшков", "Кольцов", "Маслов", "Пчелин",
    ),
    needs=(
        "болит зуб справа, хочу на этой неделе", "сколько стоит имплант под ключ", "нужна чистка и осмотр для сына",
        "поставить брекеты, можно ли в рассрочку", "сломалась коронка, когда примете", "хочу отбелить к свадьбе",
        "есть ли приём в субботу утром", "нужен снимок и план лечения",
    ),
    agent="Администратор", client="Клиент",
    hello="Добрый день, стоматология, чем могу помочь?",
    note_head={
        "id": "ID примечания", "at": "Дата создания", "staff": "Ответственный", "name": "Контакт",
        "phone": "Рабочий телефон", "email": "Рабочий email", "deal": "ID сделки", "text": "Текст примечания",
    },
    lead_head={
        "id": "ID заявки", "at": "Дата и время", "campaign": "Кампания", "name": "Имя", "phone": "Телефон",
        "email": "Email", "text": "Что вас беспокоит?",
    },
    deal_head={
        "id": "ID сделки", "name": "Контакт", "stage": "Этап сделки", "amount": "Бюджет", "phone": "Телефон",
        "email": "Email", "at": "Дата создания",
    },
    won="Успешно реализовано", lost="Закрыто и не реализовано", day="%d.%m.%Y", also="второй номер {phone}, туда лучше",
)  # fmt: skip
EN = Tongue(
    given=(
        ("Robert", "Bob"), ("Trevor", "Trev"), ("Elliot", "Elliot"), ("Victor", "Vic"), ("Nathaniel", "Nate"),
        ("Gareth", "Gary"), ("Nicholas", "Nick"), ("Desmond", "Des"),
        ("Susannah", "Sue"), ("Deborah", "Debbie"), ("Pauline", "Pauline"), ("Katherine", "Kate"), ("Lorraine", "Lori"),
        ("Zelda", "Zelda"), ("Julia", "Jules"), ("Rosalind", "Ros"),
    ),
    surnames=(
        "Ashdown", "Birkett", "Caldwell", "Dunmore", "Eastwick", "Fairley", "Gatenby", "Hargrave", "Ilkley", "Jessop",
        "Kershaw", "Lockyer", "Mossman", "Netherby", "Oakden", "Pemberley", "Quarrie", "Ravenhill", "Stainton",
        "Thackray", "Underwood", "Varley", "Wetherall", "Yardley", "Brathwaite", "Cotterill", "Dalgleish", "Entwistle",
        "Fotherby", "Grimshaw", "Holroyd", "Ibbotson",
    ),
    needs=(
        "the worktop is chipped and we want quartz", "how much is a small galley kitchen fitted", "moving in in May",
        "we need more drawers for the pans", "can you keep the old cabinets", "is the oven included in the price",
        "could somebody measure on Saturday", "we want an island with a sink",
    ),
    agent="Agent", client="Customer",
    hello="Good morning, kitchens, how can I help you today?",
    note_head={
        "id": "Record ID", "at": "Activity date", "staff": "Activity assigned to", "name": "Associated Contact",
        "phone": "Phone Number", "email": "Email", "deal": "Associated Deal ID", "text": "Note body",
    },
    lead_head={
        "id": "Lead ID", "at": "Submission Time", "campaign": "Campaign", "name": "Full Name", "phone": "User Phone",
        "email": "User Email", "text": "What are you planning?",
    },
    deal_head={
        "id": "Opportunity ID", "name": "Contact: Full Name", "stage": "Stage", "amount": "Amount",
        "phone": "Contact: Phone", "email": "Contact: Email", "at": "Created Date",
    },
    won="Closed Won", lost="Closed Lost", day="%Y-%m-%d", also="other number {phone}, call that one",
)  # fmt: skip
TONGUES = {"ru": RU, "en": EN}


@dataclass
class Made:
    """Reference → customer and scene of every record that was written."""

    owner: dict[str, str] = field(default_factory=dict)
    scene: dict[str, str] = field(default_factory=dict)


@dataclass
class Person:
    """A made-up person and how to reach them."""

    customer: str
    given: str
    short: str
    surname: str
    phone: str
    email: str
    day: date

    @property
    def name(self) -> str:
        return f"{self.given} {self.surname}"


class Pen:
    """Writes records of one company and remembers whose they are."""

    def __init__(self, language: str) -> None:
        self.language, self.tongue = language, TONGUES[language]
        self.dice = random.Random(f"{SEED}{language}")
        self.made = Made()
        self.tables: dict[str, list[Row]] = {}
        self.calls: dict[str, str] = {}
        self._people = 0
        self._rows = 40000

    def person(self, *, given: int | None = None, surname: str | None = None, like: Person | None = None) -> Person:
        """Somebody new; `like` shares that person's customer."""
        self._people += 1
        number = self._people
        place = self.dice.randrange(len(self.tongue.given)) if given is None else given
        full, short = self.tongue.given[place]
        family = surname or self.tongue.surnames[number % len(self.tongue.surnames)]
        woman = place >= len(self.tongue.given) // 2
        if self.language == "ru" and woman and not family.endswith("а"):
            family += "а"
        local = f"{folded(full)[:3]}{folded(family)}{number}"
        digits = f"{number * 7919 % 10**7:07}"
        area = f"{253 + number % 3 * 100}{2 + number % 7}"
        phone = f"+7916{digits}" if self.language == "ru" else f"+1{area}{digits[1:]}"
        customer = like.customer if like else f"{self.language}-{number:03}"
        return Person(
            customer, full, short, family, phone, f"{local}@example.com", START + timedelta(days=number * 2 % 300)
        )

    def spelt(self, phone: str) -> str:
        """A phone as some system or hand writes it."""
        digits = phone.removeprefix("+")
        if self.language == "ru":
            area, a, b, c = digits[1:4], digits[4:7], digits[7:9], digits[9:]
            forms = (
                phone,
                f"8{digits[1:]}",
                f"8 ({area}) {a}-{b}-{c}",
                f"+7 {area} {a} {b} {c}",
                f"7{digits[1:]}",
                digits[1:],
            )
        else:
            area, a, b = digits[1:4], digits[4:7], digits[7:]
            forms = (
                phone,
                f"({area}) {a}-{b}",
                f"{area}-{a}-{b}",
                f"1 {area} {a} {b}",
                f"{area}.{a}.{b}",
                f"+1 ({area}) {a}-{b}",
            )
        return self.dice.choice(forms)

    def lead(
        self, scene: str, owner: Person, *, name: str = "", phone: str = "", email: str = "", after: int = 0
    ) -> None:
        """A reply to an ad."""
        moment = datetime.combine(owner.day + timedelta(days=after), datetime.min.time()) + timedelta(hours=10)
        self._row("leads.csv", self.tongue.lead_head, scene, owner, {
            "at": moment.strftime("%Y-%m-%d %H:%M:%S"), "campaign": "spring", "name": name, "phone": phone,
            "email": email, "text": self.dice.choice(self.tongue.needs),
        })  # fmt: skip

    def note(
        self, scene: str, owner: Person, *, name: str = "", phone: str = "", email: str = "", deal: str = "",
        after: int = 1, text: str = "",
    ) -> None:  # fmt: skip
        """A note of a sales person."""
        self._row("notes.csv", self.tongue.note_head, scene, owner, {
            "at": (owner.day + timedelta(days=after)).strftime(self.tongue.day), "staff": STAFF[self.language],
            "name": name, "phone": phone, "email": email, "deal": deal,
            "text": text or f"{self.dice.choice(self.tongue.needs)}, {self._rows}",
        })  # fmt: skip

    def deal(
        self, scene: str, owner: Person, number: str, *, name: str = "", phone: str = "", email: str = "",
        table: str = "deals.csv", after: int = 5,
    ) -> None:  # fmt: skip
        """A deal under a number of its own."""
        row = {
            "id": number, "name": name, "stage": self.dice.choice((self.tongue.won, self.tongue.lost)),
            "amount": str(1000 * self.dice.randrange(5, 90)), "phone": phone, "email": email,
            "at": (owner.day + timedelta(days=after)).strftime(self.tongue.day),
        }  # fmt: skip
        self._keep(table, self.tongue.deal_head, row)
        self._mine(f"{table}#{number}", scene, owner)

    def call(self, scene: str, owner: Person, file: str, *, said: str = "", after: int = 2) -> None:
        """A transcript whose file name tells what telephony knew; `{day}` and `{phone}` are filled in."""
        day = (owner.day + timedelta(days=after)).strftime("%Y-%m-%d")
        self._rows += 1
        name = f"calls/{file.format(day=f'{day}_10-{self._rows % 60:02}')}.txt"
        words = said or self.dice.choice(self.tongue.needs)
        tongue = self.tongue
        self.calls[name] = (
            f"{tongue.agent}: {tongue.hello}\n{tongue.client}: {words}\n"
            f"{tongue.agent}: {self.dice.choice(OK[self.language])}\n"
        )
        self._mine(name, scene, owner)

    def _row(self, table: str, head: Row, scene: str, owner: Person, values: Row) -> None:
        self._rows += 1
        self._keep(table, head, {"id": str(self._rows), **values})
        self._mine(f"{table}#{self._rows}", scene, owner)

    def _keep(self, table: str, head: Row, values: Row) -> None:
        self.tables.setdefault(table, []).append({head[name]: value for name, value in values.items()})

    def _mine(self, ref: str, scene: str, owner: Person) -> None:
        self.made.owner[ref] = owner.customer
        self.made.scene[ref] = scene

    def write(self, folder: Path) -> Made:
        """Put everything into files."""
        for table, rows in self.tables.items():
            lines = [list(rows[0]), *([row[head] for head in rows[0]] for row in rows)]
            text = "\r\n".join(";".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
            (folder / table).write_text(text + "\r\n", encoding="utf-8")
        for name, text in self.calls.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return self.made


STAFF = {"ru": "Инна", "en": "Moira"}
OK = {
    "ru": ("Записала вас, ждём.", "Сейчас посмотрю расписание.", "Пришлём план и смету."),
    "en": ("I have put you down for that.", "Let me look at the diary.", "We will send a quote."),
}


def deceiving(folder: Path, language: str) -> Made:
    """Write the company's files into a folder; who is who."""
    pen = Pen(language)
    for scene in SCENES:
        scene(pen, scene.__name__.removeprefix("_").replace("_", " "))
    return pen.write(folder)


def _any_spelling(pen: Pen, scene: str) -> None:
    for number in range(70):
        one = pen.person()
        pen.lead(scene, one, name=one.given, phone=pen.spelt(one.phone))
        pen.note(scene, one, name=one.name, phone=pen.spelt(one.phone), deal=str(500 + number))
        pen.deal(scene, one, str(500 + number), phone=pen.spelt(one.phone))
        pen.call(scene, one, "{day}_" + one.phone.removeprefix("+") + "_in")


def _mail_with_case_and_tag(pen: Pen, scene: str) -> None:
    for _ in range(10):
        one = pen.person()
        local, domain = one.email.split("@")
        pen.lead(scene, one, email=f"{local.title()}+sale@{domain.upper()}")
        pen.note(scene, one, email=one.email)


def _office_phone(pen: Pen, scene: str) -> None:
    """Four offices of four colleagues, each with a number and an address of their own beside the switchboard."""
    for _ in range(4):
        office = pen.person().phone
        for _ in range(4):
            one = pen.person()
            pen.lead(scene, one, name=one.name, phone=pen.spelt(office), email=one.email)
            pen.note(scene, one, name=one.name, phone=pen.spelt(one.phone), email=one.email)


def _two_colleagues(pen: Pen, scene: str) -> None:
    for _ in range(8):
        office = pen.person().phone
        for _ in range(2):
            one = pen.person()
            pen.lead(scene, one, name=one.name, phone=pen.spelt(office), email=one.email)
            pen.note(scene, one, name=one.name, email=one.email, phone=pen.spelt(one.phone))


def _extension(pen: Pen, scene: str) -> None:
    """Colleagues behind one number tell their extension."""
    for _ in range(3):
        office = pen.person().phone
        for number in range(3):
            one = pen.person()
            inner = f" доб. {101 + number}" if pen.language == "ru" else f" ext. {101 + number}"
            pen.lead(scene, one, name=one.name, phone=office + inner)
            pen.note(scene, one, name=one.given, phone=pen.spelt(office) + inner)


def _family_on_one_phone(pen: Pen, scene: str) -> None:
    """A couple is one customer of a dentist and of a kitchen fitter."""
    for _ in range(10):
        one = pen.person(given=1)
        wife = pen.person(given=9, surname=one.surname, like=one)
        pen.lead(scene, one, name=one.name, phone=pen.spelt(one.phone), email=one.email)
        pen.note(scene, one, name=wife.name, phone=pen.spelt(one.phone))
        pen.call(scene, one, "in-" + one.phone.removeprefix("+") + "-{day}")


def _agents_number_in_the_name(pen: Pen, scene: str) -> None:
    """Telephony writes both numbers into the file's name: the caller's and the agent's."""
    for _ in range(3):
        agent = pen.person().phone.removeprefix("+")
        for _ in range(6):
            one = pen.person()
            pen.lead(scene, one, name=one.given, phone=one.phone)
            pen.call(scene, one, "{day}_" + one.phone.removeprefix("+") + "_" + agent)


def _agent_with_two_callers(pen: Pen, scene: str) -> None:
    for _ in range(4):
        agent = pen.person().phone.removeprefix("+")
        for _ in range(2):
            one = pen.person()
            pen.lead(scene, one, name=one.given, phone=one.phone)
            pen.call(scene, one, "{day}_" + agent + "_" + one.phone.removeprefix("+"))


def _namesakes(pen: Pen, scene: str) -> None:
    """Two people, one name, each with contacts of their own."""
    for number in range(10):
        for _ in range(2):
            one = pen.person(given=number % 8, surname=pen.tongue.surnames[number])
            pen.lead(scene, one, name=one.name, phone=pen.spelt(one.phone), email=one.email)
            pen.note(scene, one, name=one.name, phone=pen.spelt(one.phone))


def _two_phones(pen: Pen, scene: str) -> None:
    """One person writes from one number, calls from another, and an e-mail or their own words tie the two."""
    for number in range(12):
        one, second = pen.person(), pen.person().phone
        pen.lead(scene, one, name=one.name, phone=one.phone, email=one.email)
        if number % 3 == 0:
            pen.note(scene, one, name=one.given, phone=second, email=one.email)
        elif number % 3 == 1:
            pen.note(scene, one, name=one.name, phone=one.phone, text=pen.tongue.also.format(phone=pen.spelt(second)))
            pen.lead(scene, one, name=one.given, phone=second, after=3)
        else:
            pen.note(scene, one, name=one.given, phone=f"{pen.spelt(one.phone)}, {pen.spelt(second)}")
        pen.call(scene, one, "out-" + second.removeprefix("+") + "-{day}", after=4)


def _misspelt_name(pen: Pen, scene: str) -> None:
    for _ in range(10):
        one = pen.person()
        wrong = one.surname[:2] + one.surname[3:]
        pen.lead(scene, one, name=f"{one.short} {wrong}", phone=pen.spelt(one.phone))
        pen.note(scene, one, name=one.name, phone=pen.spelt(one.phone), email=one.email)
        pen.deal(scene, one, f"7{pen._rows}", name=f"{wrong} {one.given}", email=one.email)


def _latin_letters(pen: Pen, scene: str) -> None:
    """The form has the name in Latin letters and the phone; the note has it in the company's, no contact, a day on."""
    for _ in range(8):
        one = pen.person()
        latin = " ".join(word.capitalize() for word in (folded(one.given), folded(one.surname)))
        pen.lead(scene, one, name=latin if pen.language == "ru" else one.name, phone=pen.spelt(one.phone))
        pen.note(scene, one, name=one.name)


def _married_name(pen: Pen, scene: str) -> None:
    for number in range(8):
        one = pen.person(given=8 + number)
        other = pen.person(given=8 + number, like=one)
        pen.lead(scene, one, name=one.name, phone=pen.spelt(one.phone))
        pen.note(scene, one, name=other.name, phone=pen.spelt(one.phone), after=90)


def _misspelt_mail(pen: Pen, scene: str) -> None:
    for _ in range(8):
        one = pen.person()
        pen.lead(scene, one, name=one.name, phone=pen.spelt(one.phone), email=one.email)
        pen.note(scene, one, name=one.name, phone=pen.spelt(one.phone), email=one.email.replace("example", "exmaple"))


def _numbers_of_an_old_system(pen: Pen, scene: str) -> None:
    """The old system counted its deals from one too: its 500 is another person than the new one's."""
    for number in range(15):
        one = pen.person()
        pen.deal(scene, one, str(500 + number), name=one.name, phone=pen.spelt(one.phone), table="deals_old.csv")
        pen.note(scene, one, name=one.name, phone=pen.spelt(one.phone))


def _filled_in_to_get_on(pen: Pen, scene: str) -> None:
    """Nobody's number, nobody's address."""
    fake = ("+7 000 000-00-00", "79999999999", "1234567890", "8 800 555-35-35") if pen.language == "ru" else (
        "000-000-0000", "999-999-9999", "1234567890", "1-800-555-3535")  # fmt: skip
    for number in range(16):
        one = pen.person()
        pen.lead(scene, one, name=one.name, phone=fake[number % 4], email=("test@test.ru", "no@no.no")[number % 2])
        pen.lead(scene, one, name=one.name, phone=fake[number % 4], email=one.email)
        pen.note(scene, one, email=one.email)


def _the_companys_own_contacts(pen: Pen, scene: str) -> None:
    """The line and the mailbox of the company stand where the customer's should."""
    line = pen.person().phone
    for _ in range(20):
        one = pen.person()
        pen.note(scene, one, name=one.name, phone=pen.spelt(line), email="hello@ourcompany.example.com")
        pen.lead(scene, one, name=one.name, phone=one.phone)
        pen.note(scene, one, phone=pen.spelt(one.phone), email="hello@ourcompany.example.com")


def _a_marketplaces_number(pen: Pen, scene: str) -> None:
    """A marketplace puts its own number between; each buyer has a name and a later number."""
    for _ in range(3):
        proxy = pen.person().phone
        for _ in range(5):
            one = pen.person()
            pen.lead(scene, one, name=one.name, phone=pen.spelt(proxy))
            pen.note(scene, one, name=one.name, phone=f"{pen.spelt(proxy)}; {pen.spelt(one.phone)}")


def _a_chain_of_neighbours(pen: Pen, scene: str) -> None:
    """Each shares something with the next: together they are a business centre, not a customer."""
    for _ in range(4):
        people = [pen.person() for _ in range(6)]
        for one, neighbour in zip(people, people[1:], strict=False):
            pen.lead(scene, one, name=one.name, phone=pen.spelt(one.phone))
            pen.note(scene, one, name=one.name, phone=pen.spelt(neighbour.phone), email=one.email)
            pen.note(scene, one, name=one.name, phone=pen.spelt(one.phone), email=one.email, after=3)


def _a_note_with_a_name_only(pen: Pen, scene: str) -> None:
    """A rare full name a day later, no contact: the usual note of a busy person."""
    for _ in range(12):
        one = pen.person()
        pen.lead(scene, one, name=one.name, phone=pen.spelt(one.phone))
        pen.note(scene, one, name=one.name)


SCENES: Sequence[Callable[[Pen, str], None]] = (
    _any_spelling,
    _mail_with_case_and_tag,
    _office_phone,
    _two_colleagues,
    _extension,
    _family_on_one_phone,
    _agents_number_in_the_name,
    _agent_with_two_callers,
    _namesakes,
    _two_phones,
    _misspelt_name,
    _latin_letters,
    _married_name,
    _misspelt_mail,
    _numbers_of_an_old_system,
    _filled_in_to_get_on,
    _the_companys_own_contacts,
    _a_marketplaces_number,
    _a_chain_of_neighbours,
    _a_note_with_a_name_only,
)


def synthetic_items(size: int, seed: int = SEED) -> list[Item]:
    """Records with made-up keys: three a customer, common and rare names, an office phone on one in fifty."""
    dice = random.Random(seed)
    given = [f"g{number}" for number in range(300)]
    items = []
    for number in range(size):
        customer = number // 3
        draw = random.Random(customer)
        first = given[min(int(draw.expovariate(1 / 40)), 299)]
        last = f"s{int(draw.expovariate(1 / 3000))}"
        name = Name(frozenset({first, last} if dice.random() < 0.5 else {first}))
        keys = {f"phone:{customer}"} if dice.random() < 0.8 else {f"email:{customer}"} if dice.random() < 0.5 else set()
        if customer % 50 == 0:
            keys.add(f"phone:office{customer // 300}")
        moment = datetime(2025, 1, 1) + timedelta(days=draw.randrange(365), hours=dice.randrange(100))
        words = frozenset({first} if dice.random() < 0.3 else ())
        items.append(
            Item(f"notes.csv#{number}", frozenset(keys), names=frozenset({name}), words=words, moments=(moment,))
        )
    return items
