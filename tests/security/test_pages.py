"""Default deny over HTTP (promise R1): every address of the site × every role, GET and POST, against the hand-reviewed
table pages.txt. Whoever does not stand there gets a login, a refusal or "not found"; nobody ever gets a 500."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.site.policy_check import all_patterns
from tests.security.house import LOGINS, House, bodies, places

pytestmark = [pytest.mark.django_db, pytest.mark.promise("R1")]

TABLE = Path(__file__).parent / "pages.txt"
PASSED, REFUSED = (200, 302, 409, 422), (401, 403, 404, 405)
FRAGMENT = {"HX-Request": "true"}
LINE = re.compile(r"(\S+)\s{2,}(\S+(?: \S+)*)\s{2,}(\S+(?: \S+)*)")


def read_table() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Name of the address → who may GET it, who may POST to it."""
    groups: dict[str, str] = {}
    rows: dict[str, tuple[str, str]] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("="):
            name, _space, words = line.partition(" ")
            groups[name] = words
        elif line and not line.startswith("#"):
            found = LINE.fullmatch(line)
            assert found, f"unreadable: {line}"
            assert found[1] not in rows, f"twice: {found[1]}"
            rows[found[1]] = (found[2], found[3])

    def logins(words: str) -> Iterator[str]:
        for word in words.split():
            if word.startswith("="):
                yield from logins(groups[word])
            elif word != "-":
                assert word in LOGINS, f"no such login: {word}"
                yield word

    return {name: (frozenset(logins(get)), frozenset(logins(post))) for name, (get, post) in rows.items()}


PAGES = read_table()


def test_every_address_stands_in_the_table() -> None:
    """100 % of the resolver: a new page has to be put into the table by hand."""
    names = [pattern.name for _path, pattern in all_patterns()]
    assert None not in names
    assert len(names) == len(set(names)), "two addresses of one name"
    assert set(names) == set(PAGES)


def passed(answer: HttpResponse) -> bool:
    """Was it let in? A way to the login page is a refusal; anything unheard of fails."""
    if answer.status_code == 302 and answer["Location"].startswith(f"{reverse('login')}?next="):
        return False
    assert answer.status_code in PASSED + REFUSED, f"{answer.status_code}"
    return answer.status_code in PASSED


def ask(client: Client, house: House, name: str, method: str, headers: dict[str, str]) -> HttpResponse:
    """One request whose changes are forgotten."""
    url = reverse(name, args=places(house).get(name, []))
    jar = client.cookies.copy()
    with transaction.atomic():
        body = bodies(house).get(name, {}) if method == "post" else {}
        answer = getattr(client, method)(url, body, headers=headers)
        transaction.set_rollback(True)
    client.cookies = jar
    return answer


@pytest.mark.parametrize("login", LOGINS)
def test_every_login_is_let_in_where_the_table_says_and_nowhere_else(house: House, login: str) -> None:
    client, wrong = house.client(login), []
    for name, allowed in PAGES.items():
        for method, who in zip(("get", "post"), allowed, strict=True):
            if not who and login not in {"anonymous", "stranger"}.union(*allowed):
                continue  # what nobody may, those try who come nearest: who may do the other, who holds every role
            # Forms go as htmx sends them, and so does what will be refused: without its frame it is drawn faster.
            whole = login == "anonymous" or (method == "get" and login in who)
            answer = ask(client, house, name, method, {} if whole else FRAGMENT)
            try:
                if passed(answer) != (login in who):
                    wrong.append(f"{method} {name}: {answer.status_code}")
            except AssertionError as error:
                wrong.append(f"{method} {name}: {error}")
    assert not wrong, f"{login}: {wrong}"
