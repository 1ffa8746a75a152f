"""Promise S3 without JavaScript: what was typed on a page is back after the login had ended and the same person has
logged in again; nobody else sees it.

Checked by hand, each turns this file red: the receiver of logins taken away; keep without asking for the address; the
text kept in clear; the hour not asked; the page drawn with the revision of today. That another person is not shown it
stands on three walls: his login takes it away, put_back asks who it is, and a draft opens to its owner alone."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.core import clock
from casework.forms.models import Draft
from casework.programmes.loader import programme_of
from casework.site import kept
from tests import walk
from tests.filled import dossier_answers
from tests.office import Office
from tests.portal.typed import Typed, begin, loaded, send_page, text_of, typed_page, values_in

pytestmark = [pytest.mark.django_db, pytest.mark.promise("S3")]
TEXT = "东背街 <12> 号 & 院，“三”单元"
BACK = "已恢复到本页"
Ended = Callable[[Client, pytest.MonkeyPatch], None]


def idle(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too long without a click."""
    later = dt.timedelta(seconds=settings.SESSION_IDLE_SECONDS + 60)
    real = clock.world
    monkeypatch.setattr(clock, "world", lambda: real() + later)


def out_elsewhere(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Logged out in another tab."""
    client.post(reverse("logout"))


def no_cookie(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser forgot the login."""
    del client.cookies[settings.SESSION_COOKIE_NAME]


def log_in(office: Office, client: Client, who: str) -> Client:
    client.force_login(office.users[who])
    return client


@pytest.fixture
def client(office: Office) -> Client:
    """The worker's browser."""
    walk.member(office)
    return log_in(office, Client(), "worker")


@pytest.fixture
def draft(client: Client) -> Draft:
    return begin(client, "hardship_dossier")


def typed_in(office: Office, client: Client, draft: Draft) -> Typed:
    """The first page as the browser would send it, without JavaScript."""
    page = programme_of(draft.programme).form.pages[0]
    source = client.get(address(draft)).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(seen_revision|page_of)" value="([^"]*)"', source))
    assert set(hidden) == {"seen_revision", "page_of"}
    return typed_page(page, dossier_answers(office)) | hidden | {"address": TEXT, "go": "next"}


def address(draft: Draft) -> str:
    return reverse("apply", args=[draft.public_id, "person"])


def sent_too_late(client: Client, draft: Draft, typed: Typed) -> HttpResponse:
    """The login has ended: nothing is saved."""
    before = loaded(draft)
    answer = client.post(address(draft), typed)
    assert (answer.status_code, loaded(draft)) == (401, before)
    return answer


@pytest.mark.parametrize("ended", [idle, out_elsewhere, no_cookie])
def test_it_is_back_and_saved_with_the_next_click(
    office: Office, client: Client, draft: Draft, ended: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = typed_in(office, client, draft)
    ended(client, monkeypatch)
    answer = sent_too_late(client, draft, typed)
    assert "保留一小时" in text_of(answer)
    assert f'href="{reverse("login")}?next={address(draft)}"' in answer.content.decode()
    log_in(office, client, "worker")
    for _time in range(2):  # a reload loses nothing
        page = client.get(address(draft))
        assert BACK in text_of(page)
        assert TEXT in values_in(page)
    assert loaded(draft).get("address") != [TEXT]
    again = {**typed, "page_of": kept.MARK}
    assert client.post(address(draft), again).status_code == 302
    assert loaded(draft)["address"] == [TEXT]
    assert BACK not in text_of(client.get(address(draft)))


def test_another_person_on_the_same_device_sees_nothing_of_it_and_it_is_gone(
    office: Office, client: Client, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = typed_in(office, client, draft)
    no_cookie(client, monkeypatch)
    sent_too_late(client, draft, typed)
    walk.member(office, "neighbour")
    assert "typed" in client.session
    log_in(office, client, "neighbour")
    assert "typed" not in client.session
    for url in (address(draft), reverse("my_home")):
        assert TEXT not in values_in(client.get(url)) and BACK not in text_of(client.get(url))
    other = begin(client, "hardship_dossier")
    assert BACK not in text_of(client.get(address(other)))
    log_in(office, client, "worker")
    page = client.get(address(draft))
    assert TEXT not in values_in(page) and BACK not in text_of(page)


def test_it_is_for_its_own_page_only(office: Office, client: Client, draft: Draft) -> None:
    typed = typed_in(office, client, draft)
    client.post(reverse("logout"))
    other = reverse("apply", args=[draft.public_id, "household"])
    for wrong in ("", "x", typed["page_of"][:-2], typed["page_of"].replace(":", "::", 1)):
        assert "保留一小时" not in text_of(client.post(address(draft), {**typed, "page_of": wrong}))
    assert "保留一小时" not in text_of(client.post(other, typed))
    assert settings.SESSION_COOKIE_NAME not in client.cookies or not client.session.keys()


def test_it_is_sealed_and_ends_after_an_hour(
    office: Office, client: Client, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = typed_in(office, client, draft)
    client.post(reverse("logout"))
    sent_too_late(client, draft, typed)
    [stored] = [row.get_decoded() for row in Session.objects.all()]
    assert set(stored) == {"typed"}
    assert "东背街" not in str(stored) and "李建国" not in str(stored)
    log_in(office, client, "worker")
    real = clock.world
    monkeypatch.setattr(clock, "world", lambda: real() + dt.timedelta(seconds=kept.SECONDS + 1))
    log_in(office, client, "worker")
    assert BACK not in text_of(client.get(address(draft)))


def test_what_was_saved_elsewhere_since_is_not_overwritten_unseen(
    office: Office, client: Client, draft: Draft
) -> None:
    typed = typed_in(office, client, draft)
    client.post(reverse("logout"))
    sent_too_late(client, draft, typed)
    elsewhere = log_in(office, Client(), "worker")
    page = programme_of(draft.programme).form.pages[0]
    send_page(elsewhere, draft, "person", typed_page(page, dossier_answers(office)) | {"address": "另一台电脑上写的"})
    log_in(office, client, "worker")
    source = client.get(address(draft)).content.decode()
    [seen] = re.findall(r'name="seen_revision" value="(-?\d+)"', source)
    answer = client.post(address(draft), {**typed, "seen_revision": seen})
    assert answer.status_code == 409
    assert TEXT in text_of(answer) and "另一台电脑上写的" in text_of(answer)


@pytest.mark.parametrize("words", ["空\x00字", "x" * kept.MOST_BYTES])
def test_what_no_form_takes_is_refused_as_ever(office: Office, client: Client, draft: Draft, words: str) -> None:
    typed = typed_in(office, client, draft) | {"address": words}
    client.post(reverse("logout"))
    sent_too_late(client, draft, typed)
    log_in(office, client, "worker")
    assert client.get(address(draft)).status_code == 200
    assert client.post(address(draft), typed).status_code in (400, 413, 422)
