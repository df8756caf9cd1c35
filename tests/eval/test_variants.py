"""Harder companies made of known ones."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from planted_shop import drawn, planted_shop

from eval.segmenting.companies import Company
from eval.variants import VARIANTS, GeneratorRefused, changed, generated, generators_in, misheard


def documents_each(company: Company) -> dict[str, int]:
    return Counter(company.owner[d.document.ref] for d in company.corpus.documents)


@pytest.mark.parametrize("name", sorted(VARIANTS))
def test_the_same_seed_changes_the_same_and_leaves_the_company_alone(name: str) -> None:
    company = planted_shop()
    before = company.corpus.documents
    one, again = changed(company, name, 3), changed(company, name, 3)
    assert one.corpus == again.corpus
    assert one.owner == again.owner
    assert company.corpus.documents == before
    assert one.variant


@pytest.mark.parametrize("name", sorted(VARIANTS))
def test_every_document_left_has_its_contact(name: str) -> None:
    made = changed(planted_shop(), name, 0)
    assert [d.document.ref for d in made.corpus.documents if made.owner[d.document.ref] not in made.planted] == []


def test_one_document_a_customer() -> None:
    company = planted_shop()
    assert set(documents_each(changed(company, "single", 0)).values()) == {1}
    assert set(documents_each(changed(company, "single", 0))) == set(documents_each(company))


def test_half_the_documents_rounded_up() -> None:
    company = planted_shop()
    half = documents_each(changed(company, "half", 0))
    assert half == {contact: (count + 1) // 2 for contact, count in documents_each(company).items()}


def test_a_fifth_of_the_customers_trade_documents_across_segments() -> None:
    company = planted_shop()
    mixed = changed(company, "mixed", 0)
    moved = {ref for ref, contact in mixed.owner.items() if company.owner[ref] != contact}
    traders = {company.owner[ref] for ref in moved} | {mixed.owner[ref] for ref in moved}
    assert len(traders) == pytest.approx(0.2 * 36, abs=1.5)
    assert all(
        company.planted[company.owner[ref]].segment != company.planted[mixed.owner[ref]].segment for ref in moved
    )
    assert documents_each(mixed) == documents_each(company)
    held = {d.document.ref: d.customer for d in mixed.corpus.documents}
    assert all(held[ref] == mixed.owner[ref] for ref in moved)


def test_more_outsiders_are_noise_in_the_language_of_the_company() -> None:
    made = changed(planted_shop(), "outsiders", 0)
    new = [d for d in made.corpus.documents if d.id.startswith("d_outsider")]
    assert len(new) == 30
    assert {made.planted[made.owner[d.document.ref]].kind for d in new} == {"noise"}
    assert sum("Здравствуйте" in d.customer_text for d in new) >= 5


def test_fewer_customers_keep_their_deals_only() -> None:
    company = planted_shop()
    few = changed(company, "few", 0)
    assert len(few.corpus.customers) == len(company.corpus.customers) // 2
    assert {deal.customer for deal in few.corpus.deals} <= {d.customer for d in few.corpus.documents}


def test_words_are_lost_or_misspelt_and_placeholders_stay() -> None:
    said = "Здравствуйте, [name-1]! Позвоните на [phone], пожалуйста. " * 50
    heard = misheard(said, 0.2, drawn())
    assert heard.count("[phone]") == heard.count("[name-1]") == 50
    assert heard == heard.lower()
    assert not set(",.!") & set(heard)
    intact = sum(word in ("здравствуйте", "позвоните", "на", "пожалуйста") for word in heard.split())
    assert intact / 200 == pytest.approx(0.8, abs=0.07)


def test_nothing_misheard_only_loses_case_and_points() -> None:
    assert misheard("Don't wait, call ME!", 0, drawn()) == "don't wait call me"


GENERATOR = """
import argparse, json, pathlib
p = argparse.ArgumentParser(); p.add_argument("--seed", type=int, default=1); seed = p.parse_args().seed
assert seed != 13, "unlucky"
here = pathlib.Path(__file__).parent
(here / "calls").mkdir(); (here / "truth").mkdir()
(here / "calls" / "a.txt").write_text(f"Customer: My seed is {seed}, can you hear me?\\nAgent: Yes.")
truth = {"customers": {"C1": {"kind": "genuine", "segment": "s"}}, "documents": {"calls/a.txt": "C1"}}
(here / "truth" / "truth.json").write_text(json.dumps(truth))
"""


@pytest.fixture
def generator(tmp_path: Path) -> Path:
    place = tmp_path / "bakery" / "generator"
    place.mkdir(parents=True)
    (place / "gen.py").write_text(GENERATOR, encoding="utf-8")
    return tmp_path


def test_a_generator_makes_a_company_of_another_seed_and_stays_as_it_is(generator: Path) -> None:
    places = generators_in(generator)
    assert list(places) == ["bakery"]
    company = generated("bakery", places["bakery"], 5)
    assert [d.customer_text for d in company.corpus.documents] == ["My seed is 5, can you hear me?"]
    assert (company.variant, company.segments) == ("generator seed 5", 1)
    assert [path.name for path in places["bakery"].iterdir()] == ["gen.py"]


def test_a_seed_the_generator_refuses_says_why(generator: Path) -> None:
    with pytest.raises(GeneratorRefused, match="unlucky"):
        generated("bakery", generators_in(generator)["bakery"], 13)
