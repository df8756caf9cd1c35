"""One text under study: what a word's neighbours and its capital say about it being a name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.redaction.cues import cues, words
from ingest.redaction.judgement import Judge, Level, is_cyrillic, is_never, is_russian_word
from ingest.redaction.lexicon import english_surnames, is_english_word, normal
from ingest.redaction.people import STAFF, Known, canonical
from ingest.redaction.tokens import Token, tokens_of

_SPACE = re.compile(r"\s{1,2}|-")
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
        self._close = {STAFF, *(known.label for known in directory.own.values())}

    def is_name(self, index: int) -> bool:
        """Whether the word is a name by itself, in the place where it stands."""
        token = self.tokens[index]
        if token.level == Level.SURE:
            return token.capital or not token.cased or self._lower_case_name(token)
        if token.level == Level.PATRONYMIC:
            return True
        if token.level == Level.DOUBTFUL:
            signs = (self.capital_tells, self._introduces_surname, self._acts, self._stands_alone)
            return any(sign(index) for sign in signs)
        if token.level == Level.SURNAME and is_cyrillic(token.word):
            return self.capital_tells(index) and is_dictionary_surname(token.word)
        return False

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
        if not self.touch(token, following) or token.word in words("calendar"):
            return False
        if following.level == Level.PATRONYMIC:
            return True
        known = self.directory.find(following.word)
        if known is not None and known.certain and following.level != Level.SURE:
            return True
        if not token.cased and token.word not in words("modals"):
            return following.level in (Level.SURNAME, Level.SURE)
        both_capital = token.capital and following.capital and not following.first
        return both_capital and following.level in (Level.SURNAME, Level.UNKNOWN)

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

    def stands_as_name(self, token: Token) -> bool:
        """Whether the word after a strong cue is a name: any but an ordinary one."""
        if token.level >= Level.PATRONYMIC or token.level == Level.SURNAME:
            return True
        if token.level == Level.UNKNOWN:
            return len(token.word) > 2 and (not token.cased or token.capital)
        return token.cased and token.capital and not token.first and not is_plain_word(token.word)

    def doubt_resolved(self, index: int, cue: str) -> bool:
        """A doubtful name after a weaker cue: in cased text its capital decides, else what follows it."""
        token = self.tokens[index]
        if is_cyrillic(token.word):
            return not token.cased or token.capital
        if token.cased:
            return token.capital
        if token.word not in words("modals"):
            return cue in words("introductions") or cue.endswith(tuple(words("kin")))
        following = self.tokens[index + 1].word if index + 1 < len(self.tokens) else ""
        if cue.endswith(tuple(words("kin"))):
            return following in words("verbs_after")
        return cue in words("introductions") and following in words("after_introduction")

    def is_surname_after(self, index: int) -> bool:
        """Whether the word continues a name before it."""
        token = self.tokens[index]
        known = self.directory.find(token.word)
        if token.level == Level.PATRONYMIC or (known is not None and not self._lower_in_cased(token)):
            return True
        if is_never(token.word) or len(token.word) < 3 or self._lower_in_cased(token):
            return False
        if is_cyrillic(token.word):
            capital = token.cased and token.capital
            return token.level == Level.SURNAME or (capital and token.level == Level.UNKNOWN)
        if token.level in (Level.SURNAME, Level.UNKNOWN, Level.SURE):
            return True
        return token.cased and token.capital and not token.first and token.word not in words("calendar")

    def everyday_surname(self, index: int) -> bool:
        """ "my name is joe brown": an everyday word closes the introduction."""
        following = self.tokens[index + 1].word if index + 1 < len(self.tokens) else ""
        return self.tokens[index].word in english_surnames().ambiguous and following in words("after_introduction")

    def is_surname_before(self, index: int) -> bool:
        """Whether the word is a surname before a given name."""
        token = self.tokens[index]
        if token.level == Level.DOUBTFUL and self.tokens[index + 1].level == Level.PATRONYMIC:
            return True
        if not is_cyrillic(token.word):
            return token.cased and token.capital and token.level == Level.UNKNOWN and not is_never(token.word)
        if self._lower_in_cased(token) or is_never(token.word):
            return False
        return token.level == Level.SURNAME and not self._place_before(token) and is_dictionary_surname(token.word)

    def _lower_in_cased(self, token: Token) -> bool:
        return token.cased and not token.capital

    def _place_before(self, token: Token) -> bool:
        places = cues("ru").places
        return places is not None and places.search(self.plain[max(0, token.start - 20) : token.start]) is not None

    def touch(self, left: Token, right: Token) -> bool:
        """Whether two words stand next to each other."""
        return _SPACE.fullmatch(self.text, left.end, right.start) is not None

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
