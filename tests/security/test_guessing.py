"""No object by guessed id (promise R2): what belongs to somebody else is answered exactly as what does not exist, byte
for byte and header for header, wherever the id stands: in the path, in the query, in the body, nested in another's.

Checked by hand, each in a scratch copy, each turns this file red: any case from cases.queries.visible; any draft from
drafting.own_draft; any file from my_file, any letter from my_letter; desk.files.file_for looking among all documents;
paper_for without its case; fund_for and batch_for without the actor's reach; a scope of auditors without its subtree;
uploads.own_only and desk.uploads._own_files keeping every id; the attention list without its places."""

import dataclasses
import re
import uuid
from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import quote_plus

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.documents.models import Document
from casework.funds.models import Payment
from casework.papers.models import Paper
from casework.people import persons
from casework.programmes.loader import programme_of
from tests import walk
from tests.office import id_number
from tests.security.house import House, bodies, made_paper, places
from tests.security.test_pages import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.promise("R2")]

# Whose objects they are not. next_door holds the grassroots duties of another union of the same county, far_admin
# administers another county.
OTHERS = ("stranger", "nobody", "anonymous", "next_door", "admin", "far_admin")
PUBLIC = {"notice", "vacancy", "programme", "apply_start", "apply_member", "paper_check"}
# One-time marks against forgery, nonces, keys of clicks; the length follows from the body.
MARKS = r'(?<=name="csrfmiddlewaretoken" value=")\w+', r'(?<=X-CSRFToken": ")\w+', r'(?<=nonce=")[^"]+', "[0-9a-f]{32}"
TOKENS = re.compile("|".join(MARKS))
CHANGING = ("Content-Security-Policy", "Content-Length")


@pytest.fixture(autouse=True)
def next_door(house: House) -> Iterator[None]:
    """The handler, chair and visitor of the other union."""
    user = house.office.users.get("next_door") or house.office.user("next_door", house.office.person("邻居"))
    for role in ("unit_handler", "unit_chair", "investigator"):
        house.office.hire("next_door", role, "other_union")
    house.names["next_door"] = user.username
    house.office.hire("far_admin", "admin", "other_county")
    house.names["far_admin"] = house.office.users["far_admin"].username
    yield
    del house.office.users["next_door"], house.office.users["far_admin"]


def told(answer: HttpResponse, *ids: str) -> dict[str, Any]:
    """All that an answer tells, without what changes from request to request and the ids the asker sent himself."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    body = TOKENS.sub("", data.decode("utf-8", "replace"))
    headers = {name: value for name, value in answer.headers.items() if name not in CHANGING}
    for form in [form for sent in ids for form in (sent, quote_plus(sent), escape(escape(sent)))]:
        body = body.replace(form, "ID")
        headers = {name: value.replace(form, "ID") for name, value in headers.items()}
    return {"status": answer.status_code, "headers": headers, "cookies": sorted(answer.cookies), "body": body}


def ask(client: Client, method: str, url: str, body: dict[str, Any] | None = None) -> HttpResponse:
    """One request whose changes are forgotten; a file is read while it is there."""
    with transaction.atomic():
        answer: HttpResponse = getattr(client, method)(url, body or {})
        if answer.streaming:
            answer.content_read = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
            answer.streaming_content = [answer.content_read]  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    return answer


def is_id(value: Any) -> bool:
    """Is this argument of an address an id?"""
    return isinstance(value, uuid.UUID)


def addresses(house: House) -> Iterator[tuple[str, list[Any]]]:
    """Every address of an object that is not public."""
    for name, arguments in places(house).items():
        if name not in PUBLIC and any(is_id(value) for value in arguments):
            yield name, arguments


def reads_the_studio(name: str, login: str) -> bool:
    """Drafts of the studio are the common work of the policy officers of all regions: to them they are no secret."""
    return name.startswith("studio_") and login in PAGES["studio_home"][0]


def administers(name: str, login: str) -> bool:
    """Organisations and logins below the city are its administrator's own."""
    return name.startswith("offices_") and login == "admin"


def assert_alike(client: Client, house: House, name: str, own: list[Any], login: str = "") -> None:
    """The address of the object and the address of nothing give one answer, and it is no."""
    nothing = [uuid.uuid4() if is_id(value) else value for value in own]
    known = reads_the_studio(name, login) or administers(name, login)
    for method, who in zip(("get", "post"), PAGES[name], strict=True):
        if not who or (known and login in who):
            continue
        body = bodies(house).get(name, {}) if method == "post" else {}
        real = ask(client, method, reverse(name, args=own), body)
        none = ask(client, method, reverse(name, args=nothing), body)
        assert told(real, *map(str, own)) == told(none, *map(str, nothing)), f"{method} {name}"
        led_to_login = real.status_code == 302 and real["Location"].startswith(reverse("login"))
        assert led_to_login or real.status_code in (401, 403, 404, 405), f"{method} {name}: {real.status_code}"


@pytest.mark.parametrize("login", OTHERS)
def test_ids_in_the_path(house: House, login: str) -> None:
    client = house.client(login)
    names = [name for name, _own in addresses(house)]
    assert len(names) > 25
    for name, own in addresses(house):
        assert_alike(client, house, name, own, login)


def neighbours(house: House) -> House:
    """The same house with the objects of the other worker."""
    file = house.paid.documents.filter(made=False).first()
    assert isinstance(file, Document)
    draft = house.draft.__class__.objects.create(
        owner=house.office.users["other_worker"], programme=house.draft.programme, sealed=house.draft.sealed,
        page=house.draft.page, saved_at=house.office.now,
    )
    paper = made_paper(house.paid, house.office.now)
    return dataclasses.replace(house, case=house.paid, draft=draft, file=file, paper=paper)


def test_one_applicant_and_the_objects_of_another(house: House) -> None:
    """The worker has all of these himself; that opens nobody else's."""
    theirs, client = neighbours(house), house.client("applicant")
    for name, own in addresses(theirs):
        assert_alike(client, theirs, name, own)


def test_a_grant_opens_one_case_only(house: House) -> None:
    theirs, client = neighbours(house), house.client("expert")
    for name, own in addresses(theirs):
        assert_alike(client, theirs, name, own)


@pytest.mark.parametrize("name", ["desk_file", "desk_preview"])
def test_a_foreign_file_under_ones_own_case(house: House, name: str) -> None:
    """The reviewer may read both cases; a file is found only under its own."""
    client, url = house.client("reviewer"), house.case.public_id
    foreign, none = neighbours(house).file.public_id, uuid.uuid4()
    for method in ("get", "post"):
        real, nothing = (ask(client, method, reverse(name, args=[url, key])) for key in (foreign, none))
        assert real.status_code == (405 if (method, name) == ("post", "desk_preview") else 404)
        assert told(real, str(foreign)) == told(nothing, str(none))


def test_a_letter_of_the_batch_is_not_for_who_sees_no_money(house: House) -> None:
    roster = Paper.objects.filter(batch=house.batch).get()
    for login in ("reviewer", "unit_handler", "stranger"):
        assert_alike(house.client(login), house, "desk_paper", [roster.public_id])


@pytest.mark.parametrize("login", ["stranger", "next_door"])
def test_ids_in_the_query(house: House, login: str) -> None:
    client = house.client(login)
    number, none = house.case.number, house.case.number[:-6] + "999999"
    assert number != none
    for name in ("desk_cases", "oversight_search"):
        if login == "next_door" and name == "oversight_search":
            continue
        for known, unknown in ((number, none), ("李建国", "李见国"), ("0128", "9128"), ("li jian guo", "li jian gui")):
            real, nothing = (ask(client, "get", reverse(name), {"q": text}) for text in (known, unknown))
            assert real.status_code == 200
            assert told(real, known) == told(nothing, unknown), f"{name}: {known}"
    for name in ("desk_cases", "desk_queue", "inbox", "desk_attention"):
        for field in ("before", "after", "move", "message"):
            page = ask(client, "get", reverse(name), {field: str(house.case.pk + 1)})
            assert number not in page.content.decode()


def test_the_search_by_id_number_finds_nobody_elses_people(house: House) -> None:
    """A person known in another county is answered like one nobody ever heard of."""
    known, unknown = persons.plain_for_system(house.case.applicant, "id_no"), id_number(999)
    for name in ("desk_cases", "oversight_search"):
        client = house.client("stranger")
        real, nothing = (
            ask(client, "post", reverse(name), {"id_no": number, "reason": "核对身份信息"})
            for number in (known, unknown)
        )
        assert real.status_code == 200
        assert told(real, known) == told(nothing, unknown)


def test_a_foreign_person_behind_ones_own_case(house: House) -> None:
    client, url = house.client("reviewer"), reverse("desk_reveal", args=[house.case.public_id])
    other, none = house.office.users["other_worker"].person, uuid.uuid4()
    for field in ("id_no", "phone", "card_no"):
        real, nothing = (
            ask(client, "post", url, {"what": f"{field}:{key}", "reason": "identity"})
            for key in (other.public_id, none)
        )
        assert real.status_code == 404
        assert told(real, str(other.public_id)) == told(nothing, str(none))


def test_foreign_payments_in_ones_own_batch(house: House) -> None:
    """A finance officer of another county, with a fund of his own, chooses a payment of this one."""
    office = house.office
    with transaction.atomic():
        walk.dossier(office, "fourth_worker")
        foreign = walk.go(office, walk.living_case(office, "fourth_worker"), walk.LIVING, "pay").payments.get()
        fund = office.make_fund("living", 100_000)
        fund.organisation = office.orgs["other_county"]
        fund.save(update_fields=["organisation"])
        url, client = reverse("desk_batch_make", args=[fund.public_id]), house.client("stranger")
        real = ask(client, "post", url, {"payment": foreign.pk})
        nothing = ask(client, "post", url, {"payment": 987_654_321})
        assert real.status_code == 409
        assert told(real) == told(nothing)
        assert Payment.objects.get(pk=foreign.pk).batch is None
        transaction.set_rollback(True)


def test_foreign_files_in_a_form(house: House) -> None:
    """Somebody else's document in a page of one's own application is dropped like an unknown one."""
    client, theirs, none = house.client("applicant"), neighbours(house).file.public_id, uuid.uuid4()
    form, revision = programme_of(house.draft.programme).form, house.draft.revision
    page = next(page for page in form.pages if any(item.key == "income_proof" for item in page.items()))
    url = reverse("apply", args=[house.draft.public_id, page.key])
    real, nothing = (
        ask(client, "post", url, {"income_proof": str(key), "seen_revision": revision, "go": "next"})
        for key in (theirs, none)
    )
    assert told(real, str(theirs)) == told(nothing, str(none))
    assert str(theirs) not in real.content.decode()


def test_foreign_files_in_a_decision(house: House) -> None:
    """The second visitor's sheet takes no photo that is not his own."""
    office = house.office
    with transaction.atomic():
        case = walk.go(office, walk.dossier_case(office, "fifth_worker"), walk.DOSSIER, "visit")
        url, client = reverse("desk_do", args=[case.public_id]), Client()
        client.force_login(office.users["visitor_1"])
        sheet = {**walk.SHEET, "visited_on": office.now.date().isoformat(), "agrees": "true", "action": "visit.record"}
        answers = []
        theirs, nobodys = [office.upload("organiser", "photos") for _n in "ab"], [str(uuid.uuid4()) for _n in "ab"]
        for photos in (theirs, nobodys):
            body = {**sheet, "photos": photos, "seen": case.event_n, "key": "same"}
            answer = ask(client, "post", url, body)
            assert answer.status_code == 422
            assert not set(photos) & set(re.findall(r"[0-9a-f-]{36}", answer.content.decode()))
            answers.append(told(answer, *photos))
        assert answers[0] == answers[1]
        transaction.set_rollback(True)


def test_a_notice_taken_down_is_gone_for_everybody(house: House) -> None:
    """Its address dies with it (domain §4.4)."""
    with transaction.atomic():
        house.notice.__class__.objects.filter(pk=house.notice.pk).update(state="ended")
        for login in ("anonymous", "applicant", "stranger"):
            assert_alike(house.client(login), house, "notice", [house.notice.public_id])
        transaction.set_rollback(True)


def test_the_status_page_tells_nothing_to_who_guesses(house: House) -> None:
    """A real case number with a wrong ending of the ID number, and a number nobody has (domain §4.10)."""
    client, url = house.client("anonymous"), reverse("case_status")
    numbers = (house.case.number, house.case.number[:-6] + "999999")
    real, nothing = (ask(client, "post", url, {"number": number, "ending": "000000"}) for number in numbers)
    assert told(real, numbers[0]) == told(nothing, numbers[1])


@pytest.mark.parametrize("what", ["message.again", "message.done", "paper.again", "command.again"])
def test_rows_left_to_other_offices(house: House, what: str) -> None:
    """Their numbers run on, so they can be guessed; a foreign one is answered like one that is not there."""
    url, client = reverse("desk_attention_do"), house.client("stranger")
    ids = [bodies(house)["desk_attention_do"]["id"], house.paper.pk, 1]
    for pk in ids:
        real, nothing = (ask(client, "post", url, {"what": what, "id": key}) for key in (pk, 987_654_321))
        assert real.status_code == 404
        assert told(real) == told(nothing)
