"""Accounts: signing in, sessions, invitations, new passwords, roles; and what a stranger cannot learn or do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from members import PASSWORD, add_member, enter, form_token, hashed, send
from sqlalchemy import select

import service.store.attempts as attempts
import service.store.passwords as passwords
from service.core.clock import now
from service.store.installation import sha256
from service.store.keys import create_key, revoke_key
from service.store.sessions import ABSOLUTE, IDLE
from service.store.tables import ApiKey, AttemptRow, AuditRow, PersonRow, SessionRow, TicketRow
from service.store.tickets import make_ticket
from service.web.security import COOKIE

Visitor = Callable[..., TestClient]
SECRET = re.compile(r'id="secret">([^<]+)<')


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same algorithm at a hundredth of the cost: these tests sign in some hundred times."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: cheap)
    monkeypatch.setattr(passwords, "_nobodys_hash", lambda: cheap.hash("nobody's"))
    hashed.cache_clear()  # made by another file's tests at the full cost


def shown_once(answer: Any) -> str:
    found = SECRET.search(answer.text)
    assert found, answer.text[:500]
    return found[1]


def path_of(link: str) -> str:
    return link.removeprefix("http://127.0.0.1:8765")


def age_session(app: FastAPI, **values: Any) -> None:
    with app.state.store.session(write=True) as session:
        for row in session.scalars(select(SessionRow)):
            for name, value in values.items():
                setattr(row, name, value)
    app.state.doorkeeper.sights._sessions.clear()


class TestSigningIn:
    def test_with_address_and_password(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        browser = visitor()
        answer = browser.post("/sign-in", data={"email": " Anna@Polka.RU ", "password": PASSWORD, "next": "/segments"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/segments")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie
        assert "Anna" in browser.get("/account").text

    def test_the_cookie_is_secure_over_https(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        answer = enter(visitor(base="https://whobuys.example"), "anna@polka.ru")
        assert "secure" in answer.headers["set-cookie"].lower()

    def test_neither_words_nor_status_tell_whether_an_account_exists(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        browser = visitor()
        wrong, unknown = (
            enter(browser, "anna@polka.ru", "not the password"),
            enter(browser, "nobody@polka.ru", "x" * 12),
        )
        assert wrong.status_code == unknown.status_code == 401
        assert wrong.text.replace("anna@polka.ru", "") == unknown.text.replace("nobody@polka.ru", "")
        assert not wrong.cookies and not unknown.cookies

    def test_an_unknown_account_costs_as_much_work_as_a_wrong_password(
        self, app: FastAPI, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        add_member(app, "anna@polka.ru", "owner")
        looked: list[str] = []
        real = PasswordHasher.verify
        monkeypatch.setattr(PasswordHasher, "verify", lambda self, h, p: (looked.append(h), real(self, h, p))[1])
        enter(visitor(), "anna@polka.ru", "not the password")
        enter(visitor(), "nobody@polka.ru", "not the password")
        assert len(looked) == 2
        assert {hashed.split("$")[3] for hashed in looked} == {looked[0].split("$")[3]}, "the same cost"

    def test_only_hashes_are_stored(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        token = enter(visitor(), "anna@polka.ru").cookies[COOKIE].partition(".")[0]
        with app.state.store.session() as session:
            assert session.scalars(select(SessionRow.id)).one() == sha256(token)
            assert session.scalars(select(PersonRow.password_hash)).one().startswith("$argon2id$")

    def test_a_planted_cookie_is_not_taken_over(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        add_member(app, "evil@polka.ru", "sales")
        evil, victim = visitor(), visitor()
        planted = enter(evil, "evil@polka.ru").cookies[COOKIE]
        victim.cookies.set(COOKIE, planted)
        fresh = enter(victim, "anna@polka.ru").cookies[COOKIE]
        assert fresh != planted
        assert evil.get("/account").status_code == 303, "the planted session ended"

    def test_signing_out_ends_the_session_itself(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        browser, thief = visitor(), visitor()
        thief.cookies.set(COOKIE, enter(browser, "anna@polka.ru").cookies[COOKIE])
        assert thief.get("/account").status_code == 200
        send(browser, "/sign-out")
        assert thief.get("/account").status_code == 303

    def test_signing_out_elsewhere_leaves_this_browser(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        here, there = visitor(), visitor()
        enter(here, "anna@polka.ru")
        enter(there, "anna@polka.ru")
        assert send(here, "/account/sign-out-elsewhere").headers["location"].endswith("ended=1")
        assert here.get("/account").status_code == 200
        assert there.get("/account").status_code == 303

    @pytest.mark.parametrize(
        "values",
        [
            pytest.param({"seen_at": now() - IDLE}, id="idle for too long"),
            pytest.param({"ends_at": now()}, id="past its absolute end"),
        ],
    )
    def test_a_session_ends_by_itself(self, app: FastAPI, visitor: Visitor, values: dict[str, Any]) -> None:
        add_member(app, "anna@polka.ru", "owner")
        browser = visitor()
        enter(browser, "anna@polka.ru")
        age_session(app, **values)
        assert browser.get("/account").status_code == 303

    def test_use_keeps_a_session_awake_until_its_absolute_end(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        browser = visitor()
        enter(browser, "anna@polka.ru")
        age_session(app, seen_at=now() - IDLE + timedelta(minutes=1))
        assert browser.get("/account").status_code == 200
        app.state.doorkeeper.sights.write()
        with app.state.store.session() as session:
            row = session.scalars(select(SessionRow)).one()
            assert now() - row.seen_at < timedelta(minutes=1)
            assert row.ends_at - row.created_at == ABSOLUTE

    @pytest.mark.parametrize("change", ["token", "mac", "swap"])
    def test_a_tampered_cookie_is_no_cookie(self, app: FastAPI, visitor: Visitor, change: str) -> None:
        add_member(app, "anna@polka.ru", "owner")
        token, mac = enter(visitor(), "anna@polka.ru").cookies[COOKIE].split(".")
        other = enter(visitor(), "anna@polka.ru").cookies[COOKIE].split(".")
        made = {"token": f"{token[:-1]}A.{mac}", "mac": f"{token}.{'0' * 64}", "swap": f"{token}.{other[1]}"}[change]
        browser = visitor()
        browser.cookies.set(COOKIE, made)
        assert browser.get("/account").status_code == 303

    def test_a_person_of_no_company_sees_nothing(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "owner@polka.ru", "owner")
        person = add_member(app, "anna@polka.ru", "sales")
        browser = visitor()
        enter(browser, "anna@polka.ru")
        with app.state.store.session(write=True) as session:
            from service.store.people import remove_member

            assert remove_member(session, "default", person, ("owner",)), "the account goes with its last company"
        assert browser.get("/").status_code == 303


class TestGuessing:
    def test_guesses_at_an_account_are_slowed_down_even_the_right_one(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        guesser, anna = visitor(address="10.0.0.9", base="http://whobuys.example"), visitor(address="10.0.0.1")
        for _ in range(attempts.LIMITS["account and address"].failures):
            assert enter(guesser, "anna@polka.ru", "wrong password").status_code == 401
        answer = enter(guesser, "anna@polka.ru")
        assert answer.status_code == 429
        assert 0 < int(answer.headers["retry-after"]) <= 15 * 60
        assert enter(anna, "anna@polka.ru").status_code == 303, "who knows the password gets in from elsewhere"

    def test_the_count_outlives_a_restart_and_ends_with_its_window(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        for _ in range(attempts.LIMITS["account and address"].failures):
            enter(visitor(), "anna@polka.ru", "wrong password")
        with app.state.store.session(write=True) as session:
            rows = session.scalars(select(AttemptRow)).all()
            assert {row.failures for row in rows} == {5}
            assert all("anna" not in row.id for row in rows)
            for row in rows:
                row.since = now() - timedelta(minutes=16)
        assert enter(visitor(), "anna@polka.ru").status_code == 303

    def test_an_unknown_account_is_slowed_down_alike(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        answers = [enter(visitor(), "nobody@polka.ru", "wrong password").status_code for _ in range(6)]
        assert answers == [401] * 5 + [429]

    def test_right_sign_ins_are_no_failures(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        assert {enter(visitor(), "anna@polka.ru").status_code for _ in range(7)} == {303}


class TestForms:
    def test_a_form_without_its_token_changes_nothing(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        browser = visitor()
        enter(browser, "anna@polka.ru")
        for token in ("", "0" * 64, "é"):
            assert (
                browser.post("/people/invite", data={"email": "a@b.ru", "role": "sales", "csrf": token}).status_code
                == 403
            )
        with app.state.store.session() as session:
            assert session.scalars(select(TicketRow)).all() == []

    def test_a_token_of_another_session_does_not_fit(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        one, other = visitor(), visitor()
        enter(one, "anna@polka.ru")
        enter(other, "anna@polka.ru")
        data = {"email": "a@b.ru", "role": "sales", "csrf": form_token(other)}
        assert one.post("/people/invite", data=data).status_code == 403

    def test_another_site_is_refused_even_with_the_token(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        browser = visitor()
        enter(browser, "anna@polka.ru")
        data = {"csrf": form_token(browser)}
        assert browser.post("/runs", data=data, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert browser.post("/runs", data=data).status_code == 303

    def test_every_form_that_changes_something_carries_it(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "admin")
        browser = visitor()
        enter(browser, "anna@polka.ru")
        for path in ("/", "/account", "/people", "/keys", "/settings", "/shares", "/personas/sales", "/speakers"):
            text = browser.get(path).text
            forms = re.findall(r'<form\b[^>]*method="post"[^>]*>', text)
            assert forms, path
            assert text.count('name="csrf"') == len(forms), path

    def test_an_upload_with_the_token_goes_through(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "sales")
        browser = visitor()
        enter(browser, "anna@polka.ru")
        note = {"note": "Звонила мама, ищет курс для подростка, цена смущает."}
        assert browser.post("/upload", data=note).status_code == 403
        sent = browser.post("/upload", data={**note, "csrf": form_token(browser)}, files={"files": ("a.txt", b"x")})
        assert sent.status_code == 303, sent.text[:300]
        assert browser.post("/api/v1/runs", headers={"X-CSRF-Token": form_token(browser)}).status_code == 202


class TestFirstAccount:
    def test_the_open_demo_offers_to_close_the_door(self, app: FastAPI, visitor: Visitor) -> None:
        browser = visitor()
        assert 'href="/setup"' in browser.get("/").text
        data = {"email": "anna@polka.ru", "name": "Анна", "password": PASSWORD}
        assert browser.post("/setup", data=data).headers["location"] == "/people"
        assert "Анна" in browser.get("/people").text
        assert visitor().get("/").status_code == 303, "everybody else is asked to sign in"
        assert visitor().get("/setup").status_code == 409
        assert visitor().post("/setup", data=data).status_code == 409

    def test_from_elsewhere_only_by_the_printed_link(self, app: FastAPI, visitor: Visitor) -> None:
        far = visitor(base="http://whobuys.example", address="10.1.1.1")
        data = {"email": "anna@polka.ru", "password": PASSWORD}
        assert far.get("/setup").status_code == 303
        assert far.post("/setup", data=data).status_code == 303
        assert far.get("/setup/guess").status_code == 404
        with app.state.store.session(write=True) as session:
            first = make_ticket(session, "setup", who="command line")
            token = make_ticket(session, "setup", who="command line")
        assert far.get(f"/setup/{first}").status_code == 404, "a newer link replaces it"
        assert far.get(f"/setup/{token}").status_code == 200
        assert far.post(f"/setup/{token}", data={**data, "password": "short"}).status_code == 422
        assert far.post(f"/setup/{token}", data=data).status_code == 303
        assert far.post(f"/setup/{token}", data=data).status_code == 409

    def test_deleting_the_last_key_or_person_opens_nothing(self, app: FastAPI, visitor: Visitor) -> None:
        with app.state.store.session(write=True) as session:
            from service.store.db import ensure_workspace

            ensure_workspace(session, "default")
            create_key(session, "default", "owner")
            session.flush()
            session.delete(session.scalars(select(ApiKey)).one())
        assert visitor().get("/").status_code == 303


class TestInvitations:
    @pytest.fixture
    def owner(self, app: FastAPI, visitor: Visitor) -> TestClient:
        add_member(app, "anna@polka.ru", "owner")
        browser = visitor()
        enter(browser, "anna@polka.ru")
        return browser

    def test_somebody_new_joins_by_the_link_once(self, app: FastAPI, owner: TestClient, visitor: Visitor) -> None:
        link = path_of(shown_once(send(owner, "/people/invite", email="boris@polka.ru", role="sales")))
        browser = visitor()
        assert "boris@polka.ru" in browser.get(link).text
        assert browser.post(link, data={"name": "Борис", "password": "1234567890"}).status_code == 422
        assert browser.post(link, data={"name": "Борис", "password": PASSWORD}).status_code == 303
        assert browser.get("/people").status_code == 403, "sales do not manage people"
        assert "Борис" in owner.get("/people").text
        assert visitor().get(link).status_code == 404
        assert visitor().post(link, data={"password": PASSWORD}).status_code == 404
        with app.state.store.session() as session:
            assert "boris" not in str([row.details for row in session.scalars(select(AuditRow))])

    def test_somebody_known_proves_their_password(self, app: FastAPI, owner: TestClient, visitor: Visitor) -> None:
        add_member(app, "carl@polka.ru", "owner", "other")
        link = path_of(shown_once(send(owner, "/people/invite", email="carl@polka.ru", role="marketing")))
        browser = visitor()
        assert browser.post(link, data={"password": "a new one of the thief"}).status_code == 401
        assert browser.post(link, data={"password": PASSWORD}).status_code == 303
        text = browser.get("/account").text
        assert "other" in text and "default" in text

    def test_an_invitation_can_be_withdrawn_and_grows_old(
        self, app: FastAPI, owner: TestClient, visitor: Visitor
    ) -> None:
        link = path_of(shown_once(send(owner, "/people/invite", email="boris@polka.ru", role="sales")))
        ticket = sha256(link.rpartition("/")[2])
        assert send(owner, f"/people/invitations/{ticket}/withdraw").status_code == 303
        assert visitor().get(link).status_code == 404
        link = path_of(shown_once(send(owner, "/people/invite", email="boris@polka.ru", role="sales")))
        with app.state.store.session(write=True) as session:
            session.scalars(select(TicketRow)).one().ends_at = now()
        assert visitor().get(link).status_code == 404

    @pytest.mark.parametrize(
        ("data", "status"),
        [
            pytest.param({"email": "boris@polka.ru", "role": "admin"}, 403, id="a role above one's own"),
            pytest.param({"email": "boris@polka.ru", "role": "king"}, 422, id="no role"),
            pytest.param({"email": "boris", "role": "sales"}, 422, id="no address"),
            pytest.param({"email": "anna@polka.ru", "role": "sales"}, 409, id="in the company already"),
        ],
    )
    def test_what_cannot_be_invited(self, owner: TestClient, data: dict[str, str], status: int) -> None:
        assert send(owner, "/people/invite", **data).status_code == status

    def test_a_kind_of_link_opens_only_its_own_door(self, app: FastAPI, owner: TestClient, visitor: Visitor) -> None:
        token = shown_once(send(owner, "/people/invite", email="boris@polka.ru", role="sales")).rpartition("/")[2]
        for door in ("reset", "setup", "share"):
            assert visitor().get(f"/{door}/{token}").status_code in (404, 409), door


class TestPasswords:
    def test_a_new_one_ends_every_other_session(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        here, there = visitor(), visitor()
        before = enter(here, "anna@polka.ru").cookies[COOKIE]
        enter(there, "anna@polka.ru")
        new = "пять совсем других слов здесь"
        assert send(here, "/account/password", old="wrong password", new=new).status_code == 401
        assert send(here, "/account/password", old=PASSWORD, new="qwertyuiop").status_code == 422
        changed = send(here, "/account/password", old=PASSWORD, new=new)
        assert changed.status_code == 303
        assert changed.cookies[COOKIE] != before
        assert here.get("/account").status_code == 200
        assert there.get("/account").status_code == 303
        assert enter(visitor(), "anna@polka.ru").status_code == 401
        assert enter(visitor(), "anna@polka.ru", new).status_code == 303

    def test_by_a_link_of_an_admin(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        boris = add_member(app, "boris@polka.ru", "sales")
        owner, his = visitor(), visitor()
        enter(owner, "anna@polka.ru")
        enter(his, "boris@polka.ru")
        link = path_of(shown_once(send(owner, f"/people/{boris}/reset")))
        browser = visitor()
        assert browser.get(link).status_code == 200
        assert browser.post(link, data={"password": "пять совсем других слов здесь"}).status_code == 303
        assert his.get("/account").status_code == 303
        assert browser.post(link, data={"password": PASSWORD}).status_code == 404

    def test_an_owner_cannot_take_over_somebody_of_another_company(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        consultant = add_member(app, "carl@firm.ru", "sales")
        add_member(app, "carl@firm.ru", "owner", "other")
        owner = visitor()
        enter(owner, "anna@polka.ru")
        assert f"/people/{consultant}/reset" not in owner.get("/people").text
        assert send(owner, f"/people/{consultant}/reset").status_code == 403


class TestRoles:
    def test_somebody_who_lets_people_in_is_always_left(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        boris = add_member(app, "boris@polka.ru", "owner")
        browser = visitor()
        enter(browser, "anna@polka.ru")
        assert send(browser, f"/people/{boris}/role", role="sales").status_code == 303
        with app.state.store.session() as session:
            me = session.scalars(select(PersonRow.id).where(PersonRow.email == "anna@polka.ru")).one()
        assert send(browser, f"/people/{me}/remove").status_code == 409
        assert send(browser, f"/people/{boris}/remove").status_code == 303
        assert enter(visitor(), "boris@polka.ru").status_code == 401, "the account is gone"

    def test_a_role_counts_from_the_next_request(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        boris = add_member(app, "boris@polka.ru", "owner")
        owner, his = visitor(), visitor()
        enter(owner, "anna@polka.ru")
        enter(his, "boris@polka.ru")
        assert his.get("/people").status_code == 200
        send(owner, f"/people/{boris}/role", role="sales")
        assert his.get("/people").status_code == 403

    def test_an_owner_touches_no_admin(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        root = add_member(app, "root@polka.ru", "admin")
        browser = visitor()
        enter(browser, "anna@polka.ru")
        for path, data in (
            (f"/people/{root}/role", {"role": "sales"}),
            (f"/people/{root}/remove", {}),
            (f"/people/{root}/reset", {}),
        ):
            assert send(browser, path, **data).status_code == 403, path

    def test_people_of_another_company_do_not_exist(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        stranger = add_member(app, "carl@firm.ru", "sales", "other")
        browser = visitor()
        enter(browser, "anna@polka.ru")
        for path in (f"/people/{stranger}/remove", f"/people/{stranger}/reset"):
            assert send(browser, path).status_code == 404

    def test_a_person_turns_to_another_company_of_theirs_only(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "carl@firm.ru", "owner", "one")
        add_member(app, "carl@firm.ru", "sales", "two")
        add_member(app, "anna@polka.ru", "owner", "three")
        browser = visitor()
        enter(browser, "carl@firm.ru")
        assert browser.get("/people").status_code == 200
        assert send(browser, "/account/company", workspace="two").status_code == 303
        assert browser.get("/people").status_code == 403, "another company, another role"
        assert send(browser, "/account/company", workspace="three").status_code == 403


class TestKeys:
    def test_made_shown_once_used_and_revoked(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        browser = visitor()
        enter(browser, "anna@polka.ru")
        key = shown_once(send(browser, "/keys", role="marketing", label="агентство", days="30"))
        assert key not in browser.get("/keys").text
        assert visitor(key).get("/api/v1/uploads").status_code == 200
        app.state.doorkeeper.sights.write()
        with app.state.store.session() as session:
            row = session.scalars(select(ApiKey)).one()
            assert row.used_at is not None and row.ends_at is not None and row.made_by.startswith("p")
        assert send(browser, f"/keys/{row.id}/revoke").status_code == 303
        assert visitor(key).get("/api/v1/uploads").status_code == 401

    def test_a_key_past_its_end_opens_nothing(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        with app.state.store.session(write=True) as session:
            key = create_key(session, "default", "owner", days=1)
            session.flush()
            session.scalars(select(ApiKey)).one().ends_at = now()
        assert visitor(key).get("/api/v1/uploads").status_code == 401
        assert visitor().post("/sign-in", data={"key": key}).status_code == 401

    def test_an_owner_makes_and_revokes_no_admin_key(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        with app.state.store.session(write=True) as session:
            create_key(session, "default", "admin")
            session.flush()
            key_id = session.scalars(select(ApiKey.id)).one()
        browser = visitor()
        enter(browser, "anna@polka.ru")
        assert send(browser, "/keys", role="admin").status_code == 403
        assert send(browser, f"/keys/{key_id}/revoke").status_code == 403

    def test_a_session_begun_with_a_key_ends_with_it(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        with app.state.store.session(write=True) as session:
            key = create_key(session, "default", "sales")
        browser = visitor()
        assert browser.post("/sign-in", data={"key": key}).status_code == 303
        assert browser.get("/").status_code == 200
        assert browser.post("/runs").status_code == 403, "its forms need the token too"
        with app.state.store.session(write=True) as session:
            revoke_key(session, "default", session.scalars(select(ApiKey.id)).one())
        assert browser.get("/").status_code == 303


def test_every_change_of_access_is_in_the_log(app: FastAPI, visitor: Visitor) -> None:
    add_member(app, "anna@polka.ru", "owner")
    boris = add_member(app, "boris@polka.ru", "sales")
    browser = visitor()
    enter(browser, "anna@polka.ru")
    send(browser, "/people/invite", email="c@polka.ru", role="sales")
    send(browser, f"/people/{boris}/role", role="marketing")
    send(browser, f"/people/{boris}/reset")
    send(browser, f"/people/{boris}/remove")
    send(browser, "/keys", role="sales")
    send(browser, "/account/sign-out-elsewhere")
    send(browser, "/settings", title="Полка")
    found = [line["what"] for line in visitor(_key(app)).get("/api/v1/audit").json()["changes"]]
    assert {
        "signed in", "invitation made", "role changed", "link to a new password made", "person removed", "key created",
        "signed out elsewhere", "settings changed",
    } <= set(found)  # fmt: skip
    page = browser.get("/audit").text
    assert "ключ создан" in page and "key created" not in re.sub(r'value="[^"]*"', "", page)


def _key(app: FastAPI) -> str:
    with app.state.store.session(write=True) as session:
        return create_key(session, "default", "admin")
