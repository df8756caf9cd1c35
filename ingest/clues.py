"""What a record tells about who it is about, as strings that may be kept: keys that prove, clues that only help.

A key (`phone:9f2c…`) joins two records by itself. A clue never does: a name, the parts of a mail address that may be
one, words of the talk that may be somebody's name, a number said in it. Clues are kept beside the keys, hashed with the
workspace's salt, so that who is who can be settled again from everything ever uploaded: files in one batch, in ten or
in another order give the same customers. Which of the words are names is only known with all records at hand; `reading`
finds out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

PROVING = ("phone", "email", "contact", "deal", "lead", "title")
"""Kinds of key two records of one customer share, in the order in which they explain a join."""
CLUES = ("name", "tag", "staff", "mail", "hints", "words", "told")
"""Kinds that strangers share: no key to find, forget or join a customer by."""
RARE_TAG = 3
"""A speaker's name on this many calls or more is the company's own person, not a customer."""


class Name(NamedTuple):
    """A name as hashes: `words` written out, `alone` initials written as such, `initials` of all of it, `families`
    the surnames among the words as a whole family has them.
    """

    words: frozenset[str]
    alone: frozenset[str] = frozenset()
    initials: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()

    def may_be(self, longer: Name) -> bool:
        """Whether this name may be a shorter spelling of the other."""
        if not self.words <= longer.words:
            return False
        return not self.alone or not longer.initials or self.alone <= longer.initials


class MailPart(NamedTuple):
    """A stretch of letters of a mail address with what it is when one letter of it is an initial."""

    whole: str
    headless: str
    first: str
    tailless: str
    last: str
    bare: str
    """Without `mail`, `my`, `office` and the like."""


@dataclass(frozen=True, slots=True)
class Item:
    """A record as identity sees it: hashes only.

    `mail_names` are those read from e-mail addresses; `words` are hashed words of its text that are somebody's name;
    `customer` is the earlier customer of the record, `fresh` whether this batch brought it.
    """

    ref: str
    keys: frozenset[str] = frozenset()
    mentioned: frozenset[str] = frozenset()
    names: frozenset[Name] = frozenset()
    mail_names: frozenset[Name] = frozenset()
    words: frozenset[str] = frozenset()
    moments: tuple[datetime, ...] = ()
    customer: str | None = None
    fresh: bool = True
    tags: frozenset[Name] = frozenset()
    staff: frozenset[Name] = frozenset()
    mails: tuple[tuple[MailPart, ...], ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The table a record comes from, or the folder of a file that is one record."""
        return self.ref.partition("#")[0] if "#" in self.ref else self.ref.rpartition("/")[0]


def kind_of(key: str) -> str:
    """`phone:9f2c…` → `phone`."""
    return key.partition(":")[0]


def proves(key: str) -> bool:
    """Whether a kept string is a key of its own; titles of deals are not: strangers share them."""
    return kind_of(key) not in CLUES and not key.startswith("title:")


def item_of(
    ref: str, kept: Iterable[str], moments: Sequence[datetime] = (), customer: str | None = None, *, fresh: bool = True
) -> Item:
    """A record out of its kept strings."""
    by_kind: dict[str, list[str]] = {}
    for one in kept:
        kind, _, rest = one.partition(":")
        by_kind.setdefault(kind if kind in CLUES else "", []).append(rest if kind in CLUES else one)
    keys = frozenset(by_kind.get("", ()))
    return Item(
        ref=ref,
        keys=keys,
        mentioned=frozenset(by_kind.get("told", ())) - keys,
        names=frozenset(map(_name, by_kind.get("name", ()))),
        words=_words(by_kind.get("words", ())),
        moments=tuple(sorted(moment.replace(tzinfo=None) for moment in moments)),
        customer=customer,
        fresh=fresh,
        tags=frozenset(map(_name, by_kind.get("tag", ()))),
        staff=frozenset(map(_name, by_kind.get("staff", ()))),
        mails=tuple(map(_mail, sorted(by_kind.get("mail", ())))),
        hints=tuple(word for one in sorted(by_kind.get("hints", ())) for word in one.split(".") if word),
    )


def kept_name(kind: str, name: Name) -> str:
    """`name:word.word/alone/initials/families`."""
    return f"{kind}:{'/'.join('.'.join(sorted(part)) for part in name).rstrip('/')}"


def kept_mail(parts: Iterable[MailPart]) -> str:
    """`mail:` with six hashes a part."""
    return f"mail:{'.'.join(','.join(part) for part in parts)}"


def kept_words(kind: str, words: Iterable[str]) -> str:
    """`words:` or `hints:` with hashes in the order given."""
    return f"{kind}:{'.'.join(words)}"


@lru_cache(maxsize=65536)
def _name(kept: str) -> Name:
    parts = [frozenset(word for word in part.split(".") if word) for part in kept.split("/")]
    return Name(*parts[:4])


@lru_cache(maxsize=65536)
def _mail(kept: str) -> tuple[MailPart, ...]:
    return tuple(
        MailPart(*fields) for part in kept.split(".") if len(fields := part.split(",")) == len(MailPart._fields)
    )


def _words(kept: Iterable[str]) -> frozenset[str]:
    return frozenset(word for one in kept for word in one.split(".") if word)


def reading(items: Sequence[Item]) -> list[Item]:
    """One item a record, its clues read with the names of all records as vocabulary.

    A record may come twice (a deal and the note of its description): it is one. Names under which somebody speaks who
    is of the staff, or speaks in many calls, are no customer's.
    """
    merged = _one_each(items)
    staff = _staff(merged)
    named = [replace(item, names=item.names | _customers(item.tags, staff)) if item.tags else item for item in merged]
    vocabulary = frozenset(word for item in named for name in item.names for word in name.words)
    return [_read(item, vocabulary) for item in named]


def _one_each(items: Sequence[Item]) -> list[Item]:
    found: dict[str, Item] = {}
    for item in items:
        known = found.get(item.ref)
        found[item.ref] = item if known is None else _both(known, item)
    return [found[ref] for ref in sorted(found)]


def _both(one: Item, other: Item) -> Item:
    keys = one.keys | other.keys
    return replace(
        one,
        keys=keys,
        mentioned=(one.mentioned | other.mentioned) - keys,
        names=one.names | other.names,
        words=one.words | other.words,
        moments=tuple(sorted({*one.moments, *other.moments})),
        customer=one.customer or other.customer,
        fresh=one.fresh or other.fresh,
        tags=one.tags | other.tags,
        staff=one.staff | other.staff,
        mails=tuple(dict.fromkeys((*one.mails, *other.mails))),
        hints=one.hints or other.hints,
    )


def _staff(items: Sequence[Item]) -> frozenset[Name]:
    spoken = Counter(tag for item in items for tag in item.tags)
    named = {name for item in items for name in item.staff if len(name.words) > 1}
    return frozenset(named | {tag for tag, calls in spoken.items() if calls >= RARE_TAG})


def _customers(tags: Iterable[Name], staff: frozenset[Name]) -> frozenset[Name]:
    return frozenset(tag for tag in tags if tag not in staff)


def _read(item: Item, vocabulary: frozenset[str]) -> Item:
    names = item.names
    if not names and item.hints:
        words = [word for word in item.hints if word in vocabulary]
        names = frozenset({Name(frozenset(words))}) if words else names
    mail_names = frozenset(name for mail in item.mails if (name := _name_of_mail(mail, vocabulary)) is not None)
    if names is item.names and not mail_names and item.words <= vocabulary:
        return item
    return replace(item, names=names, mail_names=mail_names, words=item.words & vocabulary)


def _name_of_mail(parts: tuple[MailPart, ...], vocabulary: frozenset[str]) -> Name | None:
    """Known names in the local part: `jane.doe`, `jdoe`, `janed90` with `jane` and `doe` in the vocabulary."""
    words = [part.whole for part in parts if part.whole in vocabulary]
    if words and len(words) == len(parts):
        return Name(frozenset(words))
    for part in parts:
        for name, letter in ((part.headless, part.first), (part.tailless, part.last)):
            if name and name in vocabulary:
                initial = frozenset({letter})
                return Name(frozenset({*words, name}), initial, initial)
        if part.bare and part.bare in vocabulary:
            words.append(part.bare)
    return Name(frozenset(words)) if words else None
