"""A person's word on claim cards: judged at once, kept with who and what stood before, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from card_home import RUN, card_home
from told_trade import BOSSES, TEENS

from service.comparison.model import JudgedClaim, Verdict
from service.comparison.repository import load_comparison
from service.confirming import Confirmer, confirmed_cases
from service.core.errors import BadInput, Conflict, NotFound
from service.core.settings import Settings
from service.personas.aliases import IGNORED
from service.personas.cards import Said
from service.personas.repository import card_edits
from service.store.db import Store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
def store(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    opened = card_home(settings, monkeypatch)
    yield opened
    opened.close()


@pytest.fixture
def anna(store: Store, settings: Settings) -> Confirmer:
    return Confirmer(store, settings, "default", "anna")


def claims(store: Store) -> dict[str, JudgedClaim]:
    """Claims of the run by their first words."""
    with store.session() as session:
        found = load_comparison(session, "default", RUN).claims
    return {judged.claim.quote.split()[0]: judged for judged in found}


def test_a_corrected_card_is_judged_at_once_and_keeps_what_the_machine_read(store: Store, anna: Confirmer) -> None:
    leads = claims(store)["Most"].claim
    kept = anna.cards({leads.id: [Said(whom=BOSSES)]})
    now = claims(store)["Most"]
    assert (kept.claims, now.verdict, now.claim.confirmed) == (1, Verdict.CONTRADICTED, True)
    assert now.claim.read == leads.atoms
    assert now.claim.atoms[0].subject.segment == BOSSES


def test_a_card_confirmed_as_it_stands_changes_no_reading(store: Store, anna: Confirmer) -> None:
    before = claims(store)["Managers"].claim
    anna.cards({before.id: None})
    now = claims(store)["Managers"].claim
    assert (now.confirmed, now.atoms) == (True, before.atoms)
    assert anna.cards({before.id: None}).claims == 0


def test_a_sentence_that_claims_nothing_leaves_the_comparison_until_it_is_undone(store: Store, anna: Confirmer) -> None:
    before = claims(store)
    anna.cards({before["Most"].claim.id: []})
    assert "Most" not in claims(store)
    with store.session() as session:
        edit = card_edits(session, "default")[0]
    anna.undo(edit.id)
    assert claims(store) == before


def test_the_log_says_who_and_what_stood_before(store: Store, anna: Confirmer) -> None:
    claim = claims(store)["Most"].claim.id
    anna.cards({claim: [Said(whom=BOSSES)]})
    anna.cards({claim: [Said(whom=TEENS, operator="none")]})
    with store.session() as session:
        later, first = card_edits(session, "default")
    assert (first.who, first.number, first.before) == ("anna", 1, None)
    assert later.before == first.now
    with pytest.raises(Conflict):
        anna.undo(first.id)
    anna.undo(later.id)
    assert claims(store)["Most"].claim.atoms[0].subject.segment == BOSSES


def test_a_name_tied_by_a_person_rereads_every_card_with_it(store: Store, anna: Confirmer) -> None:
    with store.session() as session:
        aliases = load_comparison(session, "default", RUN).aliases
    key = next(alias.lemma for alias in aliases if "student" in alias.lemma)
    anna.cards({}, {key: BOSSES})
    found = claims(store)
    assert {found[w].claim.atoms[0].subject.segment for w in ("Most", "High", "Price")} == {BOSSES}
    anna.cards({}, {key: IGNORED})
    assert claims(store)["Price"].claim.atoms[0].subject.mention != "high school students"


def test_the_machine_s_reading_can_be_had_back(store: Store, anna: Confirmer) -> None:
    before = claims(store)
    claim = before["Most"].claim.id
    anna.cards({claim: [Said(whom=BOSSES)]})
    anna.forget(claim)
    assert claims(store) == before
    with pytest.raises(NotFound):
        anna.forget(claim)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        pytest.param({"c_unknown": None}, NotFound, id="unknown card"),
        pytest.param({"Most": [Said(whom="s_nobody")]}, BadInput, id="unknown segment"),
        pytest.param({"Most": [Said(topics=["weather on Mars"])]}, BadInput, id="unknown topic"),
    ],
)
def test_what_cannot_be_changes_nothing(
    store: Store, anna: Confirmer, said: dict[str, list[Said] | None], error: type[Exception]
) -> None:
    before = claims(store)
    ids = {key: before[key].claim.id if key in before else key for key in said}
    with pytest.raises(error):
        anna.cards({ids[key]: atoms for key, atoms in said.items()})
    assert claims(store) == before
    with store.session() as session:
        assert card_edits(session, "default") == []


def test_confirmed_cards_become_cases(store: Store, settings: Settings, anna: Confirmer) -> None:
    found = claims(store)
    anna.cards({found["Managers"].claim.id: [Said(operator="high")], found["Most"].claim.id: []})
    with store.session() as session:
        cases = confirmed_cases(session, settings, "default")
    assert cases["nothing"] == ["Most of our leads are high school students."]
    (case,) = cases["cases"]
    assert (case["said"], case["language"]) == ("Managers sign quickly.", "en")
    assert (case["atoms"][0]["operator"], case["machine"][0]["operator"]) == ("high", "low")
