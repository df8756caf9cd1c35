"""Finds persons' names in a text: known people, dictionaries, cues of the conversation, neighbours of a found name."""

from __future__ import annotations

import re
from bisect import bisect

from ingest.redaction.cues import cues, words
from ingest.redaction.judgement import Judge, Level, is_cyrillic, is_never
from ingest.redaction.lexicon import LANGUAGES
from ingest.redaction.people import canonical, is_english_given
from ingest.redaction.scene import Directory, Scene, is_dictionary_surname
from ingest.redaction.spans import HIDDEN, Span
from ingest.redaction.tokens import Token

MAX_NAME_WORDS = 3
"""Given name, patronymic, surname."""

_TIGHT = re.compile(r"\s{1,2}|\s?-\s?|\s?[A-ZА-ЯЁ]\.\s?|\.\s?(?=[A-ZА-ЯЁ])")
_CONTACT = re.compile(rf"{HIDDEN}+")
_WITH_INITIALS = re.compile(
    r"(?<!\w)(?:(?:[А-ЯЁ]\.\s?){2}(?P<after>[А-ЯЁ][а-яё]+)|(?P<before>[А-ЯЁ][а-яё]+)\s(?:[А-ЯЁ]\.\s?){1,2}(?!\w))"
)
_INITIALS_AFTER = re.compile(r"\s[А-ЯЁ]\.\s?(?:[А-ЯЁ]\.)?")
_INITIALS_BEFORE = re.compile(r"(?<!\w)[А-ЯЁ]\.\s?(?:[А-ЯЁ]\.)?\s?$")
_INITIALS_REACH = 8


def find_names(text: str, judge: Judge, directory: Directory, *, asked: bool = False) -> list[Span]:
    """Spans of kind `name` with a person's label. `asked`: the words before this text asked for a name."""
    scene = Scene(text, judge, directory)
    if not scene.tokens:
        return []
    _mark_words(scene)
    _mark_cues(scene, asked)
    _mark_neighbours(scene)
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
    for language in LANGUAGES:
        signs = cues(language)
        for pattern, strong in ((signs.strong_before, True), (signs.middle_before, False)):
            for match in pattern.finditer(scene.plain):
                _mark_from(scene, starts.get(match.end()), strong=strong, cue=match.group().strip())
        for match in signs.surname_before.finditer(scene.plain):
            _mark_surname(scene, starts.get(match.end()))
        for match in signs.strong_after.finditer(scene.plain):
            _mark_before(scene, match.start())
    for match in _WITH_INITIALS.finditer(scene.text):
        index = starts.get(match.start("after" if match["after"] else "before"))
        if index is not None and not scene.tokens[index].label and scene.tokens[index].level > Level.WORD:
            scene.label(scene.tokens[index])
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
        return scene.stands_as_name(token)
    if token.level < Level.DOUBTFUL:
        return False
    if token.level == Level.SURE:
        return True
    return scene.doubt_resolved(index, cue)


def _mark_surname(scene: Scene, index: int | None) -> None:
    """Labels "доктор Мкртчян": a surname after what people are called by."""
    if index is None or scene.tokens[index].label:
        return
    token = scene.tokens[index]
    fits = token.level == Level.SURNAME and (token.capital or not token.cased)
    if fits and (not is_cyrillic(token.word) or is_dictionary_surname(token.word)):
        scene.label(token)


def _mark_before(scene: Scene, end: int) -> None:
    """Labels up to two words that end where the cue begins: "Регина меня зовут", "Priya speaking"."""
    index = bisect(scene.tokens, end, key=lambda token: token.end) - 1
    if index < 0 or scene.text[scene.tokens[index].end : end].strip(" ,"):
        return
    token = scene.tokens[index]
    doubt = token.level == Level.DOUBTFUL and not (token.capital if token.cased else token.first)
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
    index = bisect(scene.tokens, end, key=lambda token: token.end) - 1
    if index < 1 or scene.text[scene.tokens[index].end : end].strip(" ,:;–—-."):
        return
    pair = scene.tokens[index - 1 : index + 1]
    fits = all(token.level > Level.WORD and (token.capital or not token.cased) for token in pair)
    if fits and scene.touch(pair[0], pair[1]) and not any(token.label for token in pair):
        scene.label(pair[0])
        pair[1].label = pair[0].label


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
        if not scene.touch(left, right) or scene.judge.is_trade(token.word):
            return
        if token.label:
            return
        accepted = scene.is_surname_after(place) if step > 0 else scene.is_surname_before(place)
        if not accepted:
            return
        token.label = label


def _spans(scene: Scene) -> list[Span]:
    """Neighbouring labelled words as one span; known people give it their label."""
    spans: list[Span] = []
    group: list[Token] = []
    for token in scene.tokens:
        if group and not (token.label and _TIGHT.fullmatch(scene.text, group[-1].end, token.start)):
            spans.append(_span(scene, group))
            group = []
        if token.label:
            if group and _other_person(group, token):
                spans.append(_span(scene, group))
                group = []
            group.append(token)
    return spans + ([_span(scene, group)] if group else [])


def _other_person(group: list[Token], token: Token) -> bool:
    """Two given names in a row are two people ("Лена Маша") unless one label ties them."""
    if token.label == group[-1].label or not is_cyrillic(token.word):
        return False
    return token.level == Level.SURE and group[-1].level == Level.SURE


def _span(scene: Scene, group: list[Token]) -> Span:
    start, end = group[0].start, group[-1].end
    after = _INITIALS_AFTER.match(scene.text, end)
    before = _INITIALS_BEFORE.search(scene.text, max(0, start - _INITIALS_REACH), start)
    if after is not None and group[-1].level == Level.SURNAME:
        end = after.end()
    if before is not None and group[0].level == Level.SURNAME:
        start = before.start()
    labels = [token.label for token in group]
    known = [label for label in labels if label.startswith("own-")] + [x for x in labels if x == "staff"]
    return Span(start, end, "name", known[0] if known else labels[0])
