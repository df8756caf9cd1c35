"""Where a customer came from: lead sources and advertising platforms under one name each.

A channel's name is the one the files use: the advertising report's spelling of a platform first, then the
ad responses', then the CRM's lead source. `Meta Lead Ad`, `facebook` and `Meta` are one channel when the report knows
one platform of that family; if the report lists Facebook and Instagram apart, they stay apart.
The word lists below are general knowledge of advertising platforms, not of any company.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

UNKNOWN = "unknown"
"""Customers whose source no file tells, and spend without a campaign."""

OTHER = "other"
"""Rare sources beyond `MOST_CHANNELS` together: some CRMs hold free text there."""

MOST_CHANNELS = 40

FAMILIES: dict[str, tuple[str, ...]] = {
    "vk": ("vk", "vkontakte", "вк", "вконтакте"),
    "meta": ("meta", "facebook", "fb", "instagram", "ig", "фейсбук", "инстаграм", "инстаграмм"),
    "google": ("google", "adwords", "gads", "гугл"),
    "yandex": ("yandex", "ya", "яндекс"),
    "telegram": ("telegram", "tg", "телеграм", "телеграмм"),
    "tiktok": ("tiktok", "тикток"),
    "avito": ("avito", "авито"),
    "linkedin": ("linkedin",),
    "bing": ("bing", "microsoft"),
    "mytarget": ("mytarget",),
    "youtube": ("youtube", "ютуб"),
    "dzen": ("dzen", "дзен"),
}

NOT_ADVERTISING = (
    "map", "maps", "карты", "карта", "карт", "organic", "органика", "органик", "seo", "search", "поиск", "reviews",
    "отзывы", "profile", "business", "бизнес",
)  # fmt: skip
"""`Google Maps`, `Яндекс Карты`, `organic google`: a platform's name without its advertising."""

ADVERTISING = (
    "ad",
    "ads",
    "cpc",
    "ppc",
    "cpm",
    "paid",
    "lead",
    "leads",
    "реклама",
    "таргет",
    "контекст",
    "лид",
    "лиды",
)
"""Words that make a platform's name advertising whatever else stands next to it."""

REFERRAL = re.compile(
    r"referr|\brefer\b|recommend|word of mouth|\bfriend|\bwom\b"
    r"|рекоменд|сарафан|знаком|\bдруз|\bдруг\b|по совету|реферал",
    re.IGNORECASE,
)

_WORD = re.compile(r"[^\W\d_]+|\d+")


@lru_cache(maxsize=65536)
def key_of(label: str | None) -> str:
    """A label without case, spacing and punctuation: equal keys are one name."""
    return " ".join(_WORD.findall((label or "").casefold().replace("ё", "е")))


def is_referral(label: str) -> bool:
    """Whether the source says that somebody sent the customer."""
    return bool(REFERRAL.search(label.replace("_", " ")))


@dataclass(frozen=True)
class ChannelNames:
    """Labels of the files → channel names. `platforms`: channels where advertising is bought or answered."""

    platforms: frozenset[str]
    by_key: dict[str, str]
    by_family: dict[str, str]

    def platform(self, label: str) -> str:
        """The channel of an advertising platform's label."""
        key = key_of(label)
        if key in self.by_key:
            return self.by_key[key]
        return self.by_family.get(_family(key) or "", label.strip() or UNKNOWN)

    def source(self, label: str) -> str:
        """The channel of a lead source as the CRM has it."""
        key = key_of(label)
        if key in self.by_key:
            return self.by_key[key]
        words = set(key.split())
        advertised = not words.intersection(NOT_ADVERTISING) or bool(words.intersection(ADVERTISING))
        family = _family(key) if advertised and not is_referral(label) else None
        return self.by_family.get(family or "", label.strip() or UNKNOWN)


def learn_names(reported: Iterable[str], answered: Iterable[str], sources: Iterable[str]) -> ChannelNames:
    """Names from the platforms of the ad report, of the ad responses, and deals' lead sources, most used first."""
    by_key: dict[str, str] = {}
    by_family: dict[str, str] = {}
    several: set[str] = set()
    for label in _most_used(reported):
        if by_key.setdefault(key_of(label), label) == label and (family := _family(key_of(label))):
            several.update({family} if family in by_family else ())
            by_family.setdefault(family, label)
    for family in several:
        del by_family[family]
    for label in _most_used(answered):
        key = key_of(label)
        known = by_key.get(key) or by_family.get(_family(key) or "")
        name = by_key.setdefault(key, known or label)
        if (family := _family(key)) and family not in several:
            by_family.setdefault(family, name)
    platforms = frozenset(by_key.values())
    names = ChannelNames(platforms, by_key, by_family)
    learned = dict(by_key)
    for label in _most_used(sources):
        learned.setdefault(key_of(label), names.source(label))
    return ChannelNames(platforms, learned, by_family)


def _most_used(labels: Iterable[str]) -> list[str]:
    counted = Counter(label.strip() for label in labels if label and key_of(label))
    return sorted(counted, key=lambda label: (-counted[label], label))


def _family(key: str) -> str | None:
    words = key.split()
    for family, aliases in FAMILIES.items():
        if any(alias in words for alias in aliases):
            return family
    return None
