"""One text under study: what a word's neighbours and its capital say about it being a name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.redaction.cues import cues, words
from ingest.redaction.judgement import (
    Judge,
    Level,
    is_cyrillic,
    is_lone_surname,
    is_never,
    is_place,
    is_russian_word,
    is_surname_too,
    may_be_surname,
)
from ingest.redaction.lexicon import english_surnames, is_english_word, normal, russian_names
from ingest.redaction.people import STAFF, Known, canonical
from ingest.redaction.tokens import Token, tokens_of

_SPACE = re.compile(r"\s{1,2}|-")
_MIDDLE_INITIAL = re.compile(r"\s[A-Z]\.?\s")
_TENDER = re.compile(
    r"[а-я]{2,}(?:очк|ечк|оньк|еньк|ушк|юшк|ул|юл|ус|юс|ик|чик|[её]к|ют|ун)(?:а|я|и|ы|е|у|ю|ой|ей|ом|ем)?"
)
_PLACE_REACH = 20
"""Characters before a word in which "улица" still makes it a street."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Whom the text may name: this customer (labels `own-N`), the staff, everybody else known to the CRM."""

    own: Mapping[str, Known]
    staff: Mapping[str, Known]
    crm: Mapping[str, Known]

    def find(self, word: str) -> Known | None:
        """The best-known person a word may mean."""
        return self.own.get(word) or self.staff.get(word) or self.crm.get(word)


class Scene:
    """The words of one text and whom they may name. Questions are asked by a token's index."""

    def __init__(self, text: str, judge: Judge, directory: Directory) -> None:
        self.text = text
        self.plain = normal(text)
        self.tokens = tokens_of(text, judge)
        self.judge = judge
        self.directory = directory
        cyrillic = {is_cyrillic(token.word) for token in self.tokens}
        self.languages = tuple(name for name, own in (("ru", True), ("en", False)) if own in cyrillic)
        """Of the scripts the text uses."""
        self._close = {STAFF, *(known.label for known in directory.own.values())}

    def is_name(self, index: int) -> bool:
        """Whether the word is a name by itself, in the place where it stands."""
        token = self.tokens[index]
        if token.level == Level.SURE:
            return token.capital or not token.cased or self._lower_case_name(token)
        if token.level == Level.PATRONYMIC:
            return True
        if token.level == Level.DOUBTFUL:
            signs = (self.capital_tells, self._introduces_surname, self._acts, self._stands_alone, self._has_role)
            return not self._after_article(index) and any(sign(index) for sign in signs)
        if token.level == Level.SURNAME:
            if is_cyrillic(token.word):
                return self.capital_tells(index) and not self._in_quotes(token) and is_lone_surname(token.word)
            return self._acts(index) or self._is_lone_surname(index)
        if token.level == Level.UNKNOWN:
            return self._is_stranger_with_surname(index) or self._is_endearment(index)
        if token.level == Level.WORD and is_cyrillic(token.word):
            return self.capital_tells(index) and self._capital_says_name(token)
        return False

    def _capital_says_name(self, token: Token) -> bool:
        """ "звонил Королев", "перезвоните Жене": a word that is also a name, its capital inside a sentence."""
        if self._in_quotes(token) or self.judge.is_said(token.word) or is_never(token.word) or is_place(token.word):
            return False
        return token.word in russian_names().inflected or is_surname_too(token.word)

    def _is_lone_surname(self, index: int) -> bool:
        """ "send Wiggins two decks": a surname's capital inside a sentence where no place or thing would stand."""
        token = self.tokens[index]
        if is_cyrillic(token.word) or not self.capital_tells(index) or self.judge.is_said(token.word):
            return False
        following = self.tokens[index + 1].word if index + 1 < len(self.tokens) else ""
        beside = self.text[max(0, token.start - 3) : token.start] + self.text[token.end : token.end + 3]
        if "&" in beside or not (self.closes(index) or following in words("after_surname")):
            return False  # "Johnson & Johnson", "a Kirby vacuum"
        before = self.tokens[index - 1].word if index and self.touch(self.tokens[index - 1], token) else ""
        return before not in words("articles") and before not in words("prepositions") | words("place_prepositions")

    def _is_endearment(self, index: int) -> bool:
        """ "Рустик": a capital inside a sentence on a word no dictionary knows, made tender by its ending."""
        token = self.tokens[index]
        tender = is_cyrillic(token.word) and _TENDER.fullmatch(token.word) is not None
        return tender and self.capital_tells(index) and not self._in_quotes(token)

    def _is_stranger_with_surname(self, index: int) -> bool:
        """ "Idell Wiggins": two capitals, the second a surname and nothing else."""
        if index + 1 >= len(self.tokens):
            return False
        token, following = self.tokens[index], self.tokens[index + 1]
        capitals = token.cased and token.capital and following.capital and not following.first
        fits = capitals and len(token.word) > 2 and not is_cyrillic(token.word) and not self.judge.is_trade(token.word)
        if not fits or not self.joined(token, following):
            return False
        everyday = following.word in english_surnames().ambiguous and self.closes(index + 1)
        return following.level == Level.SURNAME or everyday

    def _after_article(self, index: int) -> bool:
        """ "the Chase account": an article before it makes a word of two meanings the thing."""
        if not index or is_cyrillic(self.tokens[index].word):
            return False
        return self.tokens[index - 1].word in words("articles") and self.touch(
            self.tokens[index - 1], self.tokens[index]
        )

    def _in_quotes(self, token: Token) -> bool:
        return self.text[max(0, token.start - 1) : token.start] in ("«", '"', "“", "„")

    def _lower_case_name(self, token: Token) -> bool:
        """In cased text a lower-case word is a name only if it can be nothing else."""
        return is_cyrillic(token.word) or not is_english_word(token.word)

    def capital_tells(self, index: int) -> bool:
        """A capital inside a sentence, not after a street or another capital that explains it."""
        token = self.tokens[index]
        if not (token.cased and token.capital) or token.first or token.word in words("calendar"):
            return False
        if self._place_before(token):
            return False
        previous = self.tokens[index - 1] if index else None
        if previous is not None and self.touch(previous, token) and previous.capital and not previous.first:
            return bool(previous.label) or is_cyrillic(token.word)
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if following is not None and self.touch(token, following) and following.capital and not following.label:
            return following.level > Level.WORD or is_cyrillic(token.word)
        return following is None or following.word not in words("pronouns")

    def _introduces_surname(self, index: int) -> bool:
        if index + 1 >= len(self.tokens):
            return False
        token, following = self.tokens[index], self.tokens[index + 1]
        if not self.joined(token, following):
            return False
        if token.word in words("calendar"):
            return following.level == Level.SURNAME and token.capital and following.capital
        if following.level == Level.PATRONYMIC:
            return True
        known = self.directory.find(following.word)
        if known is not None and known.certain and following.level != Level.SURE:
            return True
        if not token.cased and token.word not in words("modals"):
            return following.level in (Level.SURNAME, Level.SURE)
        if not (token.capital and following.capital) or following.first:
            return False
        everyday = not is_cyrillic(token.word) and following.word in english_surnames().ambiguous
        return everyday or following.level in (Level.SURNAME, Level.UNKNOWN)

    def _acts(self, index: int) -> bool:
        """ "Mark said": a doubtful name at the start that does what persons do."""
        if index + 1 >= len(self.tokens) or not self.tokens[index].capital:
            return False
        token, following = self.tokens[index], self.tokens[index + 1]
        return (
            self.touch(token, following)
            and following.word in words("verbs_after")
            and token.word not in words("calendar")
        )

    def _has_role(self, index: int) -> bool:
        """ "Света-флорист": a capital, a hyphen, an ordinary word."""
        if index + 1 >= len(self.tokens) or not is_cyrillic(self.tokens[index].word):
            return False
        token, following = self.tokens[index], self.tokens[index + 1]
        hyphen = self.text[token.end : following.start] == "-"
        return hyphen and token.cased and token.capital and not following.capital and len(following.word) > 3

    def _stands_alone(self, index: int) -> bool:
        """ "Милана.": a capitalised doubtful name that is the whole sentence."""
        token = self.tokens[index]
        if not (token.cased and token.capital and token.first) or token.word in words("calendar") | words("modals"):
            return False
        following = self.tokens[index + 1].start if index + 1 < len(self.tokens) else len(self.text)
        after = self.text[token.end : following]
        return after[:1] in (".", "!", "?", "…") or (not after.strip() and following == len(self.text))

    def means(self, index: int, known: Known) -> bool:
        """Whether the word, a known person's, stands for that person here."""
        token = self.tokens[index]
        if self.judge.is_trade(token.word):
            return False
        if token.level == Level.WORD and known.label not in self._close:
            return False
        return known.certain or self.capital_tells(index) or self._with_own_word(index, known)

    def _with_own_word(self, index: int, known: Known) -> bool:
        """Two doubtful words of one person's name side by side ("will young") are that person."""
        for left, right in ((index - 1, index), (index, index + 1)):
            if left >= 0 and right < len(self.tokens) and self.touch(self.tokens[left], self.tokens[right]):
                other = self.tokens[left if right == index else right]
                match = self.directory.find(other.word)
                if match is not None and match.label == known.label:
                    return canonical(other.word) != canonical(self.tokens[index].word)
        return False

    def stands_as_name(self, token: Token, cue: str = "") -> bool:
        """Whether the word after a strong cue is a name: any but an ordinary one, after "Mr" even that."""
        if cue.rstrip(".") in words("titles") and not is_cyrillic(token.word):
            everyday = token.word in english_surnames().ambiguous
            return token.level > Level.WORD or everyday or (token.cased and token.capital)
        if token.level >= Level.PATRONYMIC or token.level == Level.SURNAME:
            return True
        if token.level == Level.UNKNOWN:
            return len(token.word) > 2 and (not token.cased or token.capital)
        if not (token.cased and token.capital) or token.first:
            return False
        return not is_plain_word(token.word) or token.word in english_surnames().ambiguous

    def doubt_resolved(self, index: int, cue: str) -> bool:
        """A doubtful name after a weaker cue: in cased text its capital decides, else what follows it."""
        token = self.tokens[index]
        if is_cyrillic(token.word):
            return not token.cased or token.capital
        if token.cased:
            return token.capital and not (token.word in words("calendar") and cue in words("prepositions"))
        kin = cue.endswith(tuple(words("kin")))
        if token.word not in words("modals"):
            return cue in words("introductions") or kin
        following = self.tokens[index + 1].word if index + 1 < len(self.tokens) else ""
        if kin:
            does = token.word not in words("auxiliaries") and following in words("auxiliaries")
            return does or following in words("verbs_after")
        return cue in words("introductions") and following in words("after_introduction")

    def stranger_fits(self, index: int, cue: str) -> bool:
        """Whether a word no list knows is a name after a weaker cue: by its capital, or said after "my wife"."""
        token = self.tokens[index]
        if len(token.word) < 3 or cue in words("prepositions"):
            return False
        if token.cased:
            return token.capital and not token.first
        if cue.endswith(tuple(words("kin"))):
            return len(token.word) > 3
        if is_cyrillic(token.word):
            return False
        following = self.tokens[index + 1].word if index + 1 < len(self.tokens) else ""
        return cue in words("introductions") and following in words("after_introduction")

    def is_surname_after(self, index: int) -> bool:
        """Whether the word continues a name before it."""
        token = self.tokens[index]
        known = self.directory.find(token.word)
        if token.level == Level.PATRONYMIC or (known is not None and not self._lower_in_cased(token)):
            return True
        if is_never(token.word) or len(token.word) < 3 or self._lower_in_cased(token):
            return False
        if token.word in words("form_words") and self.text[token.end : token.end + 1] in (":", "-", "="):
            return False  # "Ann Lee Phone: …": the next field of a form
        if is_cyrillic(token.word):
            if token.cased and token.capital:
                return token.level in (Level.SURNAME, Level.UNKNOWN) or self._capital_surname(index)
            return token.level == Level.SURNAME
        if token.level in (Level.SURNAME, Level.UNKNOWN, Level.SURE):
            return True
        return token.cased and token.capital and not token.first and token.word not in words("calendar")

    def _capital_surname(self, index: int) -> bool:
        """A capitalised Russian word after a given name that has another meaning too: "Лидия Орехова"."""
        token = self.tokens[index]
        if token.first or self.judge.is_said(token.word):
            return False
        if may_be_surname(token.word):
            return True
        hyphened = self.text[token.start - 1] == "-"
        return hyphened or (self.closes(index) and not is_place(token.word))

    def everyday_surname(self, index: int) -> bool:
        """ "my name is joe brown", "это иван орехов я": an everyday word closes the introduction."""
        token = self.tokens[index]
        following = self.tokens[index + 1].word if index + 1 < len(self.tokens) else ""
        if following not in words("after_introduction"):
            return False
        if is_cyrillic(token.word):
            return not token.cased and len(token.word) > 3 and may_be_surname(token.word) and not is_never(token.word)
        return token.word in english_surnames().ambiguous

    def is_surname_before(self, index: int) -> bool:
        """Whether the word is a surname before a given name."""
        token = self.tokens[index]
        if is_never(token.word) or self._lower_in_cased(token):
            return False
        capital = token.cased and token.capital
        if self.tokens[index + 1].level == Level.PATRONYMIC:
            return token.level > Level.WORD or (capital and not token.first)
        if not is_cyrillic(token.word):
            return capital and token.level == Level.UNKNOWN
        if self._place_before(token):
            return False
        if capital and not token.first:
            odd = (
                len(token.word) > 3
                and not (is_place(token.word) or self.judge.is_said(token.word))
                and not self.closes(index)
            )
            return token.level == Level.SURNAME or may_be_surname(token.word) or odd
        if self._patronymic_follows(index + 1):
            return token.level == Level.SURNAME or may_be_surname(token.word)
        return token.level == Level.SURNAME and (capital or is_dictionary_surname(token.word))

    def _patronymic_follows(self, index: int) -> bool:
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        return following is not None and following.level == Level.PATRONYMIC

    def _lower_in_cased(self, token: Token) -> bool:
        return token.cased and not token.capital

    def _place_before(self, token: Token) -> bool:
        places = cues("ru").places
        return places is not None and places.search(self.plain[max(0, token.start - 20) : token.start]) is not None

    def joined(self, left: Token, right: Token) -> bool:
        """Whether two words stand next to each other or around a middle initial: "Kurt M. Wiggins"."""
        return self.touch(left, right) or _MIDDLE_INITIAL.fullmatch(self.text, left.end, right.start) is not None

    def touch(self, left: Token, right: Token) -> bool:
        """Whether two words stand next to each other."""
        return _SPACE.fullmatch(self.text, left.end, right.start) is not None

    def is_likely_surname(self, token: Token) -> bool:
        """Whether an English word may be a surname: listed as one, everyday or not, or in no list at all."""
        if token.word in words("calendar") or is_never(token.word) or self.judge.is_trade(token.word):
            return False
        return token.level > Level.WORD or token.word in english_surnames().ambiguous

    def closes(self, index: int) -> bool:
        """Whether no sentence goes on after the word: punctuation, something hidden or the end follows."""
        following = self.tokens[index + 1].start if index + 1 < len(self.tokens) else len(self.text)
        between = self.text[self.tokens[index].end : following]
        return bool(between.strip()) or following == len(self.text)

    def label(self, token: Token) -> None:
        """Gives the token its person: a known one or itself."""
        known = self.directory.find(token.word)
        token.label = known.label if known is not None else canonical(token.word)


def is_dictionary_surname(word: str) -> bool:
    """A surname the analyser knows and reads as little else."""
    return not is_russian_word(word)


def is_plain_word(word: str) -> bool:
    """Whether the dictionary of its script holds the word as something else than a name."""
    return is_russian_word(word) if is_cyrillic(word) else is_english_word(word)
