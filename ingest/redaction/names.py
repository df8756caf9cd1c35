"""Finds persons' names in a text: known people, dictionaries, cues of the conversation, neighbours of a found name."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Container

from ingest.redaction.cues import cues, words
from ingest.redaction.judgement import Judge, Level, is_cyrillic, is_never
from ingest.redaction.lexicon import english_surnames
from ingest.redaction.people import canonical, is_english_given
from ingest.redaction.scene import Directory, Scene, is_dictionary_surname
from ingest.redaction.spans import HIDDEN, Span
from ingest.redaction.tokens import Token

MAX_NAME_WORDS = 3
"""Given name, patronymic, surname."""

_TIGHT = re.compile(r"\s{1,2}|\s?-\s?|\s?[A-ZА-ЯЁ]\.\s?|\.\s?(?=[A-ZА-ЯЁ])")
_CONTACT = re.compile(rf"{HIDDEN}+")
_WITH_INITIALS = re.compile(
    r"(?<!\w)(?:(?:[А-ЯЁ]\.\s?){2}(?P<after>[А-ЯЁ][а-яё]+)|(?P<before>[А-ЯЁ][а-яё]+)\s[А-ЯЁ]\.\s?[А-ЯЁ]\.(?!\w))"
    r"|(?<!\w)(?P<one>[А-ЯЁ][а-яё]+)\s[А-ЯЁ]\.(?!\w)"
    r"|(?<![\w.])(?:[A-Z]\.\s?){1,2}(?P<latin>[A-Z][a-z'’]+)"
)
_INITIALS_AFTER = re.compile(r"\s[А-ЯЁ]\.(?:\s?[А-ЯЁ]\.)?")
_INITIALS_BEFORE = re.compile(r"(?<!\w)[А-ЯЁA-Z]\.\s?(?:[А-ЯЁA-Z]\.)?\s?$")
_POSSESSED = re.compile(
    r"'s (?:phone|cell|mobile|number|email|e-mail|address|birthday|account|card|husband|wife|mom|mum|mother|dad|father"
    r"|son|daughter|brother|sister|kids?|boss|assistant|truck|car|house|place|desk|office|room|team|appointment)\b"
)
_ALIAS = re.compile(r"\s\(")
_INVERTED = re.compile(r",\s")
_INITIALS_REACH = 8


def find_names(
    text: str, judge: Judge, directory: Directory, *, asked: bool = False, heard: Container[str] = ()
) -> list[Span]:
    """Spans of kind `name` with a person's label.

    `asked`: the words before this text asked for a name. `heard`: labels of persons the customer's earlier texts named.
    """
    scene = Scene(text, judge, directory)
    if not scene.tokens:
        return []
    _mark_words(scene)
    _mark_cues(scene, asked)
    _mark_neighbours(scene)
    _mark_again(scene, heard)
    return _spans(scene)


def _mark_words(scene: Scene) -> None:
    """Labels words that are names by themselves: known people and dictionary names."""
    for index, token in enumerate(scene.tokens):
        known = scene.directory.find(token.word)
        if known is not None and scene.means(index, known):
            token.label = known.label
        elif scene.is_name(index):
            token.label = canonical(token.word)


def _mark_cues(scene: Scene, asked: bool) -> None:
    """Labels words that the conversation introduces as names."""
    starts = {token.start: index for index, token in enumerate(scene.tokens)}
    for language in scene.languages:
        signs = cues(language)
        for pattern, strong in ((signs.strong_before, True), (signs.middle_before, False)):
            for match in pattern.finditer(scene.plain):
                _mark_from(scene, starts.get(match.end()), strong=strong, cue=match.group().strip())
        for match in signs.surname_before.finditer(scene.plain):
            _mark_surname(scene, starts.get(match.end()))
        for match in signs.strong_after.finditer(scene.plain):
            _mark_before(scene, match.start())
    for match in _WITH_INITIALS.finditer(scene.text):
        _mark_with_initials(scene, starts.get(match.start(match.lastgroup or 0)), match.lastgroup or "")
    for match in _POSSESSED.finditer(scene.plain):
        _mark_before(scene, match.start())
    _mark_inverted(scene)
    for match in _CONTACT.finditer(scene.text):
        _mark_card(scene, match.start())
    if asked:
        _mark_answer(scene)


def _mark_from(scene: Scene, index: int | None, *, strong: bool, cue: str = "") -> None:
    taken = 0
    while index is not None and index < len(scene.tokens) and taken < MAX_NAME_WORDS:
        token = scene.tokens[index]
        if taken and not scene.touch(scene.tokens[index - 1], token):
            break
        if not token.label:
            if not _accepted(scene, index, strong=strong, later=taken > 0, cue=cue):
                break
            scene.label(token)
        taken += 1
        index += 1


def _accepted(scene: Scene, index: int, *, strong: bool, later: bool, cue: str = "") -> bool:
    token = scene.tokens[index]
    known = scene.directory.find(token.word)
    if (
        known is not None
        and not scene.judge.is_trade(token.word)
        and not (token.word in words("modals") and not strong)
    ):
        return not token.cased or token.capital or is_cyrillic(token.word)
    if scene.judge.is_trade(token.word) or (is_never(token.word) and not is_english_given(token.word)):
        return False
    if later:
        return scene.is_surname_after(index) or scene.everyday_surname(index)
    if strong:
        return scene.stands_as_name(token, cue)
    if token.level < Level.DOUBTFUL:
        return token.level == Level.UNKNOWN and scene.stranger_fits(index, cue)
    if token.level == Level.SURE:
        return True
    return scene.doubt_resolved(index, cue)


def _mark_with_initials(scene: Scene, index: int | None, place: str) -> None:
    """Labels "Коваль Т. Н.", "И. П. Лис": two initials make any word a surname, one only a likely one."""
    if index is None or is_never(scene.tokens[index].word):
        return
    token = scene.tokens[index]
    if place == "latin":
        fits = token.level > Level.WORD or token.word in english_surnames().ambiguous
    else:
        fits = token.level > Level.WORD or place != "one"
    if not fits or scene.judge.is_trade(token.word):
        return
    if not token.label:
        scene.label(token)
    given = scene.tokens[index - 1] if index else None
    if place != "latin" or given is None or not given.capital or not scene.joined(given, token):
        return
    if not given.label and given.level > Level.WORD and given.word not in words("calendar"):
        given.label = token.label


def _mark_inverted(scene: Scene) -> None:
    """Labels "Barnett, Emma" where a line, a colon or a contact closes it on both sides."""
    for index, token in enumerate(scene.tokens[1:], 1):
        surname = scene.tokens[index - 1]
        if not (token.cased and token.capital and surname.capital) or is_cyrillic(token.word):
            continue
        if token.level < Level.DOUBTFUL or surname.label or not scene.is_likely_surname(surname):
            continue
        if _INVERTED.fullmatch(scene.text, surname.end, token.start) and scene.closes(index):
            scene.label(token)
            surname.label = token.label


def _mark_surname(scene: Scene, index: int | None) -> None:
    """Labels "доктор Мкртчян": a surname after what people are called by."""
    if index is None or scene.tokens[index].label:
        return
    token = scene.tokens[index]
    fits = token.level == Level.SURNAME and (token.capital or not token.cased)
    if fits and (token.cased or not is_cyrillic(token.word) or is_dictionary_surname(token.word)):
        scene.label(token)


def _mark_before(scene: Scene, end: int) -> None:
    """Labels up to two words that end where the cue begins: "Регина меня зовут", "Priya speaking"."""
    index = bisect(scene.tokens, end, key=lambda token: token.end) - 1
    if index < 0 or scene.text[scene.tokens[index].end : end].strip(" ,"):
        return
    token = scene.tokens[index]
    greeted = index > 0 and scene.tokens[index - 1].word in words("greetings")
    doubt = token.level == Level.DOUBTFUL and not (token.capital if token.cased else token.first or greeted)
    if not token.label and token.level >= Level.DOUBTFUL and not doubt:
        scene.label(token)
    previous = scene.tokens[index - 1] if index else None
    if previous is None or token.label or not scene.touch(previous, token):
        return
    if (previous.label or previous.level >= Level.DOUBTFUL) and token.level in (Level.UNKNOWN, Level.SURNAME):
        scene.label(previous)
        token.label = previous.label


def _mark_card(scene: Scene, end: int) -> None:
    """Labels "Tamsin Draper," right before a phone or an address: two words that are no ordinary ones."""
    _mark_signature(scene, end)
    index = bisect(scene.tokens, end, key=lambda token: token.end) - 1
    if index < 0 or scene.text[scene.tokens[index].end : end].strip(" ,:;–—-."):
        return
    _mark_single(scene, index, end)
    if index < 1:
        return
    pair = scene.tokens[index - 1 : index + 1]
    fits = all(token.level > Level.WORD and (token.capital or not token.cased) for token in pair)
    if fits and scene.touch(pair[0], pair[1]) and not any(token.label for token in pair):
        scene.label(pair[0])
        pair[1].label = pair[0].label


def _mark_single(scene: Scene, index: int, end: int) -> None:
    """Labels "Богдан," that begins a text and stands right before a phone: no sentence begins so."""
    token = scene.tokens[index]
    alone = index == 0 and not scene.text[token.end : end].strip(" ,")
    likely = token.level >= Level.DOUBTFUL or (token.level in (Level.UNKNOWN, Level.SURNAME) and token.cased)
    if alone and not token.label and likely and (token.capital or not token.cased):
        scene.label(token)


def _mark_signature(scene: Scene, start: int) -> None:
    """Labels the one word that ends a text after a phone or an address: "…, 8 900 000 00 00, Юна"."""
    if not scene.tokens or scene.tokens[-1].start < start:
        return
    token = scene.tokens[-1]
    between, after = scene.text[start : token.start], scene.text[token.end :]
    lonely = not between.strip(f" ,.;\n{HIDDEN}") and not after.strip(" .!")
    if lonely and not token.label and token.capital and token.level in (Level.UNKNOWN, Level.DOUBTFUL):
        scene.label(token)


def _mark_answer(scene: Scene) -> None:
    for index, token in enumerate(scene.tokens[:4]):
        if token.label or token.level >= Level.DOUBTFUL:
            _mark_from(scene, index, strong=True)
            return
    if len(scene.tokens) <= 2 and scene.tokens[0].level in (Level.UNKNOWN, Level.SURNAME):
        _mark_from(scene, 0, strong=True)


def _mark_neighbours(scene: Scene) -> None:
    """Labels surnames and patronymics beside names already found."""
    for index, token in enumerate(scene.tokens):
        if not token.label:
            continue
        for step in (1, -1):
            _spread(scene, index, step)
        _pair(scene, index)
        _mark_aliases(scene, index)


def _mark_again(scene: Scene, heard: Container[str]) -> None:
    """Labels what was found to be a name elsewhere: once introduced, a person needs no introduction."""
    here = {token.word: token.label for token in scene.tokens if token.label and token.level > Level.WORD}
    for token in scene.tokens:
        if token.label or token.level == Level.WORD or scene.judge.is_trade(token.word):
            continue
        if token.word in words("calendar"):
            continue
        label = here.get(token.word) or (canonical(token.word) if canonical(token.word) in heard else "")
        if label and (token.capital if token.cased else token.level != Level.DOUBTFUL):
            token.label = label


def _mark_aliases(scene: Scene, index: int) -> None:
    """Labels "(Barb)" after "Barbara Carr": one capitalised word in brackets."""
    if index + 1 >= len(scene.tokens):
        return
    token, alias = scene.tokens[index], scene.tokens[index + 1]
    closed = _ALIAS.fullmatch(scene.text, token.end, alias.start) and scene.text[alias.end : alias.end + 1] == ")"
    known = scene.directory.find(alias.word) is not None or scene.judge.is_trade(alias.word)
    if closed and not known and alias.capital and alias.level > Level.WORD:
        alias.label = token.label


def _pair(scene: Scene, index: int) -> None:
    """Labels the stranger in "Søren and Birgit"."""
    if index < 2 or scene.tokens[index - 1].word not in ("and", "и"):
        return
    stranger = scene.tokens[index - 2]
    if stranger.level == Level.UNKNOWN and stranger.cased and stranger.capital and not stranger.first:
        stranger.label = stranger.label or canonical(stranger.word)


def _spread(scene: Scene, index: int, step: int) -> None:
    label = scene.tokens[index].label
    for distance in range(1, MAX_NAME_WORDS):
        place = index + step * distance
        if not 0 <= place < len(scene.tokens):
            return
        near, token = scene.tokens[place - step], scene.tokens[place]
        left, right = (near, token) if step > 0 else (token, near)
        joined = scene.joined(left, right) if step > 0 else scene.touch(left, right)
        if not joined or scene.judge.is_trade(token.word):
            return
        if token.label:
            if step > 0 and _is_surname_of(scene, scene.tokens[index], token):
                token.label = label
            return
        accepted = scene.is_surname_after(place) if step > 0 else scene.is_surname_before(place)
        if not accepted:
            return
        token.label = label


def _is_surname_of(scene: Scene, given: Token, surname: Token) -> bool:
    """Whether a surname found by itself belongs to the given name before it, so that both are one person."""
    stranger = scene.directory.find(surname.word) is None and surname.level < Level.PATRONYMIC
    return given.level >= Level.PATRONYMIC and stranger


def _spans(scene: Scene) -> list[Span]:
    """Neighbouring labelled words as one span; known people give it their label."""
    spans: list[Span] = []
    group: list[Token] = []
    for token in scene.tokens:
        if group and not (token.label and _is_tight(scene, group[-1], token)):
            spans.append(_span(scene, group))
            group = []
        if token.label:
            if group and _other_person(group, token):
                spans.append(_span(scene, group))
                group = []
            group.append(token)
    return spans + ([_span(scene, group)] if group else [])


def _is_tight(scene: Scene, left: Token, right: Token) -> bool:
    """Whether two labelled words are one mention: side by side, or one person's turned round ("Barnett, Emma")."""
    if _TIGHT.fullmatch(scene.text, left.end, right.start):
        return True
    turned = left.label == right.label and left.capital and right.capital and left.level < Level.DOUBTFUL
    return turned and _INVERTED.fullmatch(scene.text, left.end, right.start) is not None


def _other_person(group: list[Token], token: Token) -> bool:
    """Two given names in a row are two people ("Лена Маша") unless one label ties them."""
    if token.label == group[-1].label or not is_cyrillic(token.word):
        return False
    return token.level == Level.SURE and group[-1].level == Level.SURE


def _span(scene: Scene, group: list[Token]) -> Span:
    start, end = group[0].start, group[-1].end
    after = _INITIALS_AFTER.match(scene.text, end)
    before = _INITIALS_BEFORE.search(scene.text, max(0, start - _INITIALS_REACH), start)
    if after is not None and group[-1].capital:
        end = after.end()
    if before is not None and group[0].capital:
        start = before.start()
    labels = [token.label for token in group]
    known = [label for label in labels if label.startswith("own-")] + [x for x in labels if x == "staff"]
    return Span(start, end, "name", known[0] if known else labels[0])
