"""People with accounts, and browsers that are signed in as them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.store.db import ensure_workspace
from service.store.passwords import hash_password
from service.store.people import add_person, find_person, set_role
from service.web.security import KEEPERS

PASSWORD = "четыре слова про утренний чай"
HIDDEN = re.compile(r'name="csrf" value="(\w+)"')


@cache
def hashed() -> str:
    return hash_password(PASSWORD)


def add_member(app: FastAPI, email: str, role: str, workspace: str = "default") -> str:
    """An account with a role in a company; returns the person's id."""
    with app.state.store.session(write=True) as session:
        ensure_workspace(session, workspace)
        person = find_person(session, email) or add_person(session, email, email.partition("@")[0].title(), hashed())
        set_role(session, workspace, person.id, role, KEEPERS)
        return person.id


def enter(browser: TestClient, email: str, password: str = PASSWORD) -> Any:
    """Sign in by the form."""
    return browser.post("/sign-in", data={"email": email, "password": password})


def form_token(browser: TestClient, path: str = "/account") -> str:
    """The token in the forms of a page."""
    found = HIDDEN.search(browser.get(path).text)
    assert found, f"no form token on {path}"
    return found[1]


def send(browser: TestClient, path: str, **fields: str) -> Any:
    """A form of ours, with its token."""
    return browser.post(path, data={**fields, "csrf": form_token(browser)})
