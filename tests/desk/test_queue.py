"""The queue: due first, filtered, paged by key, in scope, at a constant number of queries."""
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.workflows.models import Task
from tests import walk
from tests.desk.conftest import LogIn
from tests.desk.pages import text_of
from tests.office import Office

pytestmark = pytest.mark.django_db
QUEUE = "/desk/"


def numbers(html: str) -> list[str]:
    """Case numbers in the order of the list."""
    return re.findall(r'data-open>([A-Z0-9-]+)</a>', html)


def at_review(office: Office, who: str) -> str:
    """A dossier application that waits for the reviewer; its number."""
    return walk.go(office, walk.dossier_case(office, who), walk.DOSSIER, "review").number


def test_due_first(office: Office, log_in: LogIn) -> None:
    late = at_review(office, "one")
    later = at_review(office, "two")
    early = at_review(office, "three")
    for number, day in ((late, 3), (later, 9), (early, 1)):
        Task.objects.filter(case__number=number, step="review").update(due_at=office.now.replace(day=day))
    page = log_in("reviewer").get(QUEUE)
    assert numbers(page.content.decode()) == [early, late, later]


def test_only_own_role_and_place(office: Office, log_in: LogIn) -> None:
    number = at_review(office, "one")
    assert number in log_in("reviewer").get(QUEUE).content.decode()
    for other in ("approver", "officer", "chair", "far_reviewer"):
        page = log_in(other).get(QUEUE)
        assert page.status_code == 200
        assert number not in page.content.decode(), other


def test_clock_in_words_not_only_colour(office: Office, log_in: LogIn) -> None:
    number = at_review(office, "one")
    Task.objects.filter(case__number=number, step="review").update(due_at=office.now.replace(year=2025))
    page = log_in("reviewer").get(QUEUE)
    assert "已超期" in text_of(page)
    assert 'class="clock tone-red"' in page.content.decode()


def test_paused_case_says_why(office: Office, log_in: LogIn) -> None:
    case = walk.go(office, walk.dossier_case(office, "one"), walk.DOSSIER, "means_check")
    office.do(case, "means_check.send", "officer", office="区民政局")
    page = text_of(log_in("officer").get(QUEUE))
    assert "暂停计时：等待外部答复" in page
    assert "已暂停：民政部门核对" in page
    assert case.number in page


def test_paused_is_not_late(office: Office, log_in: LogIn) -> None:
    case = walk.go(office, walk.dossier_case(office, "one"), walk.DOSSIER, "means_check")
    office.do(case, "means_check.send", "officer", office="区民政局")
    Task.objects.filter(case=case, state="open").update(due_at=office.now.replace(year=2025))
    client = log_in("officer")
    assert numbers(client.get(f"{QUEUE}?due=late").content.decode()) == []
    assert numbers(client.get(f"{QUEUE}?due=paused").content.decode()) == [case.number]
    assert numbers(client.get(f"{QUEUE}?who=mine").content.decode()) == []


@pytest.mark.parametrize(("query", "shown"), [
    ("", True), ("key=hardship_dossier", True), ("key=living_aid", False), ("key=no_such_service", True),
    ("kind=review", True), ("kind=approve", False), ("role=nobody", True),
    ("who=free", True), ("who=mine", False), ("due=late", False),
])
def test_filters(office: Office, log_in: LogIn, query: str, shown: bool) -> None:
    number = at_review(office, "one")
    page = log_in("reviewer").get(f"{QUEUE}?{query}")
    assert page.status_code == 200
    assert (number in page.content.decode()) is shown


def test_taken_by_a_colleague_leaves_the_queue(office: Office, log_in: LogIn) -> None:
    number = at_review(office, "one")
    task = Task.objects.get(case__number=number, state="open")
    office.do(task.case, "review.take", "reviewer_2")
    assert number not in log_in("reviewer").get(QUEUE).content.decode()
    assert number in log_in("reviewer_2").get(f"{QUEUE}?who=mine").content.decode()


def test_pages_by_key_show_each_task_once(office: Office, log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from casework.workflows import queries

    monkeypatch.setattr(queries, "PAGE", 2)
    made = {at_review(office, f"w{n}") for n in range(5)}
    Task.objects.filter(step="review", state="open").update(due_at=office.now)  # all due at once: the id decides
    client, seen, address = log_in("reviewer"), list[str](), QUEUE
    for _page in range(4):
        html = client.get(address).content.decode()
        seen += numbers(html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        if not following:
            break
        address = QUEUE + following[1].replace("&amp;", "&")
    assert len(seen) == 5
    assert set(seen) == made


@pytest.mark.parametrize("place", ["~", "x~1", "2026-11-01T00:00:00~5", "2026-11-01T00:00:00Z~99999999999999999", "~7"])
def test_odd_places_do_no_harm(office: Office, log_in: LogIn, place: str) -> None:
    assert log_in("reviewer").get(QUEUE, {"after": place}).status_code == 200


def test_empty_desk_says_so(office: Office, log_in: LogIn) -> None:
    assert "没有待办" in text_of(log_in("reviewer").get(QUEUE))
    assert "没有符合条件的待办" in text_of(log_in("reviewer").get(f"{QUEUE}?who=mine"))


def test_who_has_no_duty_is_told_why(office: Office, log_in: LogIn) -> None:
    walk.member(office)
    page = log_in("worker").get(QUEUE)
    assert page.status_code == 403
    assert "没有打开此页面的权限" in text_of(page)


def test_logged_out_goes_to_login(office: Office) -> None:
    from django.test import Client

    answer = Client().get(QUEUE)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("login"))


def test_queries_do_not_grow(office: Office, log_in: LogIn) -> None:
    at_review(office, "one")
    client = log_in("reviewer")
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as few:
        client.get(QUEUE)
    for n in range(6):
        at_review(office, f"w{n}")
    client = log_in("reviewer")  # weeks have passed since
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as many:
        page = client.get(QUEUE)
    assert len(numbers(page.content.decode())) == 7
    assert len(many) == len(few)
    assert len(few) <= 15
