"""Every page that a login of the demonstration can reach by clicking, with everything on it opened: nothing for axe to
find, nothing wider than a small phone, no error in the console."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html
from playwright.sync_api import Browser

from casework.access.models import RoleAssignment, User
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from tests.audit.conftest import outside  # noqa: F401
from tests.stories.walker import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("outside")]
# How many pages of one address pattern are read for one login, and for all of them: of these each kind of task, form or
# section has a look of its own.
USUAL = (1, 3)
MANY_LOOKS = {
    "home": (1, 99), "desk_case": (5, 40), "studio_section": (12, 12), "programme": (2, 4),
}
# Who may begin services: a worker, a union's handler, and officers at a desk.
BEGINNERS = ("applicant", "unit_handler", "hotline_agent", "case_officer")
OPEN_ALL = "document.querySelectorAll('details').forEach(e => { e.open = true })"


class Crawl:
    """Pages found so far: address and login by the look they show."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, ...], tuple[str, str]] = {}
        self.read: Counter[str] = Counter()

    def of(self, user: User) -> None:
        """Follow the links of this login, those of one address pattern a few times only."""
        client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
        client.force_login(user)
        waiting, met, own = ["/"], {"/"}, Counter[str]()
        while waiting:
            path = waiting.pop(0)
            name = _name_of(path)
            for_one, for_all = MANY_LOOKS.get(name, USUAL)
            if not name or own[name] >= for_one or self.read[name] >= for_all:
                continue
            own[name] += 1
            self.read[name] += 1
            answer: Any = client.get(path, follow=True)
            assert answer.status_code == 200, f"{user.username} is led to {path}: {answer.status_code}"
            if not answer.get("Content-Type", "").startswith("text/html"):
                continue
            path = answer.redirect_chain[-1][0] if answer.redirect_chain else path
            page = html.fromstring(b"".join(answer))
            self.keep(path, user.username, page)
            links = {urljoin(path, link).partition("#")[0] for link in page.xpath("//main//a/@href|//nav//a/@href")}
            fresh = [link for link in sorted(links) if link.startswith("/") and link not in met]
            met |= set(fresh)
            waiting += fresh

    def forms(self, user: User) -> None:
        """Begin every service that this login may begin, and note the pages of its form."""
        client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
        client.force_login(user)
        for version in ProgrammeVersion.objects.filter(published_at__isnull=False).order_by("key"):
            pages = [page.key for page in programme_of(version).form.pages]
            if ("apply", version.key, pages[0]) in self.found:
                continue
            begun = client.post(f"/services/{version.key}/start/")
            where = begun.get("Location", "") if begun.status_code == 302 else ""
            if _name_of(where) in ("apply", "apply_resume"):
                draft = "/".join(where.split("/")[:3])
                for page in pages:
                    self.found["apply", version.key, page] = (f"{draft}/{page}/", user.username)

    def keep(self, path: str, username: str, page: Any) -> None:
        """Note a page whose look is new."""
        name = _name_of(path)
        look: tuple[str, ...] = (name,)
        if name == "desk_case":
            look += tuple(sorted(move.rpartition("-")[2] for move in page.xpath("//*[starts-with(@id, 'move-')]/@id")))
        elif name in MANY_LOOKS:
            look += tuple(sorted(set(page.xpath("//main//@data-kind|//main//section/@id"))))
        self.found.setdefault(look, (path, username))


def _name_of(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).url_name or ""
    except Resolver404:
        return ""


def one_of_each() -> list[str]:
    """A login of each set of duties, and every applicant."""
    roles: dict[tuple[str, ...], str] = {}
    for user in User.objects.filter(is_active=True).order_by("pk"):
        held = tuple(sorted(set(RoleAssignment.objects.filter(user=user).values_list("role", flat=True))))
        roles.setdefault(held or (user.username,), user.username)
    return list(roles.values())


@pytest.fixture
def pages(transactional_db: None, live_server: Any) -> dict[tuple[str, ...], tuple[str, str]]:
    """What there is to see in the demonstration with its cases."""
    call_command("load_demo", "--cases")
    crawl = Crawl()
    for username in one_of_each():
        crawl.of(User.objects.get(username=username))
    for username in BEGINNERS:
        crawl.forms(User.objects.get(username=username))
    return crawl.found


@pytest.fixture
def walkers(chromium: Browser, live_server: Any) -> Iterator[dict[str, Walker]]:
    """Browsers by login."""
    found: dict[str, Walker] = {}
    yield found
    for walker in found.values():
        walker.close()


def entered(browser: Browser, base: str, username: str) -> Walker:
    """This login in a browser, by a cookie of its own."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    walker = Walker(browser, base, username)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    walker.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base}])
    return walker


def test_every_page_is_clean(
    pages: dict[tuple[str, ...], tuple[str, str]], chromium: Browser, live_server: Any, walkers: dict[str, Walker]
) -> None:
    assert len({look[0] for look in pages}) > 30, "the crawl has lost its way"
    assert len({look[1] for look in pages if look[0] == "apply"}) > 12, "the forms of most services are among them"
    wrong = []
    for look, (path, username) in pages.items():
        walker = walkers.get(username) or entered(chromium, live_server.url, username)
        walkers[username] = walker
        walker.page.goto(path)
        walker.page.evaluate(OPEN_ALL)
        try:
            walker.look()
        except AssertionError as error:
            walker.troubles.clear()
            wrong.append(f"{look[0]} as {username}: {str(error).splitlines()[0]}")
    assert not wrong, "\n".join(wrong)

