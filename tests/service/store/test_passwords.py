"""Which passwords are taken, and what is kept of them."""

from __future__ import annotations

import pytest

from service.core.errors import BadInput
from service.store.passwords import LONGEST, fits, hash_password, outdated, require_good


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("short pass"[:9], id="nine characters"),
        pytest.param("x" * (LONGEST + 1), id="too long"),
        pytest.param("aaaaaaaaaaaa", id="one letter"),
        pytest.param("abababababab", id="two letters"),
        pytest.param("1234567890", id="a row of digits"),
        pytest.param("йцукенгшщз", id="a row of keys"),
        pytest.param("Password123!", id="a worn word"),
        pytest.param("любовьмоя1", id="a worn word in Russian"),
        pytest.param("anna.petrova1", id="one's own address"),
        pytest.param("qwertyuiop", id="a row of Latin keys"),
    ],
)
def test_easy_ones_are_refused_with_a_reason(password: str) -> None:
    with pytest.raises(BadInput) as refused:
        require_good(password, "anna.petrova@polka.ru")
    assert refused.value.said_in("ru") != refused.value.said_in("en")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "четыре слова про чай",
        "t7#Kd9!qLw",
        "пароль от сейфа знает только кот",
        " x y z w v u ",
    ],
)
def test_others_are_taken_spaces_and_all(password: str) -> None:
    require_good(password, "anna.petrova@polka.ru")


def test_a_hash_fits_its_password_only() -> None:
    one = hash_password("четыре слова про чай")
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert one != hash_password("четыре слова про чай"), "salted"
    assert fits(one, "четыре слова про чай")
    assert not fits(one, "четыре слова про чай ")
    assert not fits(None, "четыре слова про чай")
    assert not fits("no hash at all", "четыре слова про чай")
    assert not outdated(one)
    assert outdated("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ")
