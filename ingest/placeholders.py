"""Contact details that are nobody's: filled in because a form insisted, or a line that answers for a whole company."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

_RUNS = ("0123456789", "1234567890", "9876543210", "0987654321")
RUN = 10
"""Digits in a row up or down the keypad from which a number was typed, not dialled; nine in a row are given out."""
SAME = 7
"""Equal digits at the end of a number that nobody is given."""
_COMPANY_LINES = frozenset(
    {
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.UAN,
        phonenumbers.PhoneNumberType.VOICEMAIL,
    }
)
_NO_MAILBOX = re.compile(
    r"(?:no|non|not|none|null|nil|na|nan|net|нет|unknown|anonymous|anon|undefined|empty|blank|example|sample|fake|dummy"
    r"|test(?:er|ing|user|mail)?|тест|user|client|customer|klient|name|email|e-mail|mail|pochta|почта"
    r"|(?:no|non|do-?not|ne)[._-]?(?:reply|replay|email|mail|answer|otvechat)|mailer-daemon|postmaster"
    r"|asd\w*|qwe\w*|zxc\w*|abc|xyz|aaa|foo|bar|\d{1,4})\d{0,3}"
)


@lru_cache(maxsize=65536)
def is_nobodys_number(number: str) -> bool:
    """Whether a number in E.164 was typed to fill a field, or is a free or paid company line."""
    digits = number.removeprefix("+")
    national = digits[1:] if digits[0] in "17" else digits[2:]
    if len(set(national)) < 3 or len(set(digits[-SAME:])) == 1:
        return True
    if any(national[start : start + RUN] in run for run in _RUNS for start in range(len(national) - RUN + 1)):
        return True
    if digits[0] == "7" and len(digits) == 11 and national[0] in "012":
        return True
    return phonenumbers.number_type(phonenumbers.parse(f"+{digits}", None)) in _COMPANY_LINES


def is_nobodys_mailbox(address: str) -> bool:
    """Whether an address was typed to fill a field or belongs to a machine: `test@test.ru`, `noreply@…`."""
    local, _, domain = address.partition("@")
    return bool(_NO_MAILBOX.fullmatch(local)) or local == domain.rpartition(".")[0] or len(set(local)) == 1
