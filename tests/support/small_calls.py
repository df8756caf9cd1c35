"""Calls of a made-up trade (a dental clinic), with and without speakers, and who really spoke."""

from __future__ import annotations

import random
from collections.abc import Sequence

from ingest.model import DocumentKind, Speaker
from ingest.raw import RawDocument, RawUtterance

Said = tuple[str | None, str]

_AGENT = {
    "ru": (
        "Добрый день, клиника, чем могу вам помочь?",
        "Подскажите, пожалуйста, как к вам обращаться и что вас беспокоит?",
        "Понимаю вас. У нас есть три варианта лечения, стоимость приёма от полутора тысяч рублей.",
        "Могу записать вас к терапевту на ближайшее время, вам удобно утром или вечером?",
        "Записала вас, адрес и памятку пришлю в сообщении, остались ли у вас вопросы?",
        "Спасибо за звонок, будем вас ждать, всего доброго.",
    ),
    "en": (
        "Thank you for calling the clinic, how can I help you today?",
        "Could you tell me your name and what has been bothering you?",
        "I completely understand. We offer three treatment plans and the first visit starts at ninety dollars.",
        "I can book you in with the dentist this week, would you like a morning or an evening slot?",
        "I'll send you the address in a text message, any other questions for me?",
        "Thanks for your call, have a great day.",
    ),
}
_CUSTOMER = {
    "ru": (
        (
            "Здравствуйте, у меня зуб болит второй день.",
            "Алло, мне бы на чистку записаться.",
            "Здравствуйте, я по рекламе, у вас имплантация есть?",
        ),
        (
            "Я уже месяц терплю, боюсь врачей с детства.",
            "Муж сказал надо срочно, дочка тоже жалуется.",
            "Меня прислали с работы, у меня страховка.",
        ),
        ("Ой, дороговато, а рассрочка бывает?", "А сколько это по времени выходит?", "Мне главное чтобы без боли."),
        (
            "Мне только после шести, я работаю.",
            "Давайте в субботу, если можно.",
            "Утром не могу, ребёнка в садик вожу.",
        ),
        ("Я посоветуюсь с мужем и перезвоню.", "А парковка у вас там бесплатная?", "Нет вроде, мне всё понятно."),
        ("Ага, до свидания.", "Спасибо большое.", "Ладно, подумаю."),
    ),
    "en": (
        (
            "Hi, I chipped a tooth on a bagel yesterday.",
            "Hello, do you have anything for whitening?",
            "Hey, I'm calling about your implant ad.",
        ),
        (
            "I've been putting it off for a year, I hate needles.",
            "My husband says it's getting worse, my son too.",
            "I need it fixed before my sister's wedding.",
        ),
        (
            "That's too much for me, can I pay monthly?",
            "How much would it cost without insurance?",
            "I just want something that doesn't hurt.",
        ),
        ("I work nights so mornings only.", "Saturday if that's possible.", "I have to drop my kids off first."),
        ("Let me talk to my wife and call back.", "Do you have parking there?", "No, I think I got it."),
        ("Okay bye.", "Thanks a lot.", "Alright, I'll think about it."),
    ),
}


def raw_call(ref: str, said: Sequence[Said]) -> RawDocument:
    """A call as a reader hands it on, five seconds an utterance."""
    utterances = tuple(RawUtterance(text, tag, 5.0 * place, 5.0 * place + 4) for place, (tag, text) in enumerate(said))
    return RawDocument(ref=ref, kind=DocumentKind.CALL, reader="test", utterances=utterances)


def calls_without_labels(
    language: str, *, count: int, tagged: bool, start: int = 0
) -> tuple[list[RawDocument], dict[str, list[Speaker]]]:
    """Calls with neutral speaker tags or none, and the true role of every utterance. Agents do not always begin."""
    calls, truth = [], {}
    for number in range(start, start + count):
        said: list[Said] = []
        roles: list[Speaker] = []
        agent_tag = f"SPEAKER_0{number % 2}"
        customer_tag = f"SPEAKER_0{1 - number % 2}"
        for place, (script, answers) in enumerate(zip(_AGENT[language], _CUSTOMER[language], strict=True)):
            answer = answers[(number // (place + 1)) % len(answers)]
            turns = [(agent_tag, script, Speaker.AGENT), (customer_tag, answer, Speaker.CUSTOMER)]
            for tag, text, role in turns if place or number % 3 else turns[::-1]:
                said.append((tag if tagged else None, text))
                roles.append(role)
        ref = f"calls/{language}-{number:03}"
        calls.append(raw_call(ref, said))
        truth[ref] = roles
    return calls, truth


def labelled_calls(language: str, count: int) -> list[RawDocument]:
    """The same calls with role labels."""
    calls, truth = calls_without_labels(language, count=count, tagged=True)
    names = {"ru": ("Менеджер", "Клиент"), "en": ("Agent", "Customer")}[language]
    return [
        raw_call(
            call.ref,
            [
                (names[role is not Speaker.AGENT], said.text)
                for said, role in zip(call.utterances, truth[call.ref], strict=True)
            ],
        )
        for call in calls
    ]


_OWN_WORDS = {
    "ru": "зуб щека ночь боль лед отпуск бабушка поезд мост дача орех суп снимок рентген вокзал школа тетрадь кошка "
    "сосед лекарство аптека врач детство страх холод чай сахар коренной верхний слева давно вчера опять почти".split(),
    "en": "tooth cheek night pain ice holiday grandma train bridge cabin walnut soup picture xray station school "
    "notebook cat neighbour medicine pharmacy childhood fear cold tea sugar molar upper left long yesterday".split(),
}


def chatty_calls(language: str, *, count: int) -> tuple[list[RawDocument], dict[str, list[Speaker]]]:
    """Calls without speakers whose agents keep to the script and whose customers never say the same."""
    calls, truth = calls_without_labels(language, count=count, tagged=False)
    draw = random.Random(language)
    own = _OWN_WORDS[language]
    told = []
    for call in calls:
        said = [
            (None, text.text if role is Speaker.AGENT else " ".join(draw.choices(own, k=draw.randint(6, 14))))
            for text, role in zip(call.utterances, truth[call.ref], strict=True)
        ]
        told.append(raw_call(call.ref, said))
    return told, truth


def as_captions(
    calls: Sequence[RawDocument], truth: dict[str, list[Speaker]], words: int
) -> tuple[list[RawDocument], dict[str, list[Speaker]]]:
    """Cues of so many words whoever speaks, and who said each word."""
    made, sides = [], {}
    for call in calls:
        spoken = [
            (word, role)
            for said, role in zip(call.utterances, truth[call.ref], strict=True)
            for word in said.text.lower().replace(",", "").replace(".", "").replace("?", "").split()
        ]
        texts = [" ".join(word for word, _ in spoken[at : at + words]) for at in range(0, len(spoken), words)]
        made.append(raw_call(call.ref, [(None, text) for text in texts]))
        sides[call.ref] = [role for _, role in spoken]
    return made, sides
