"""A right that ended has ended, at once (promise R6): what an officer writes down for somebody else is his to open, to
save, to upload to and to send only while he holds the duty he began it under; afterwards it is not there for him, and
it comes back with the duty.

Checked by hand, each in a scratch copy, each turns this file red: drafts.of without still_held; my_file and own_only
without it; check_files without reached(); submit_draft without the duty; the lists of drafts without drafts.of."""

import datetime as dt
import importlib
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.access.models import RoleAssignment, Substitution
from casework.cases.models import Case
from casework.core import clock
from casework.core.problems import Refused
from casework.documents.models import Document
from casework.forms import drafts
from casework.forms.models import Draft
from casework.people import persons
from casework.programmes.loader import programme_of
from casework.workflows import intake
from tests import walk
from tests.filled import dossier_answers
from tests.office import ENQUIRY_STAFF, Office, id_number, picture
from tests.portal.typed import fill, send, send_page, text_of
from tests.security.test_guessing import told

pytestmark = [pytest.mark.django_db, pytest.mark.promise("R6")]
# Every address of a draft (tests/security/pages.txt): (name, on a page of the form, method).
ADDRESSES = (
    ("apply_resume", False, "get"), ("apply_check", False, "get"), ("apply", True, "get"), ("apply", True, "post"),
    ("apply_save", True, "post"), ("apply_live", True, "post"), ("apply_upload", True, "post"),
    ("apply_send", False, "post"), ("apply_discard", False, "post"),
)
NONE = "12345678-1234-4234-9234-123456789012"
NUMBER = id_number(77, "19760310")
TICKET = {"matter": "help", "text": "单位三个月没有发工资", "name": "吴春生", "phone": "13900005678"}


@pytest.fixture
def office(moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The federation with an agent at the hotline; the pages read its clock."""
    made = Office(moment)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    walk.member(made, "worker")
    made.hire("agent", *ENQUIRY_STAFF["agent"])
    return made


def log_in(office: Office, who: str) -> Client:
    client = Client()
    client.force_login(office.users[who])
    return client


def end(office: Office, who: str, role: str | None = None) -> None:
    """His duties end at this very moment; another that has nothing to do with it stays."""
    held = RoleAssignment.objects.filter(user=office.users[who])
    (held.filter(role=role) if role else held).update(valid_to=office.now)


def give_back(office: Office, who: str) -> None:
    RoleAssignment.objects.filter(user=office.users[who]).update(valid_to=None)


def for_a_member(office: Office, client: Client) -> Draft:
    """A handler in the middle of a form for a member, with an ID number and a paper."""
    about = {"name": "吴春生", "phone": "13900005678", "id_no": NUMBER}
    client.post(reverse("apply_member", args=["hardship_dossier"]), about)
    draft = Draft.objects.get(case__isnull=True)
    page = page_of(draft)
    place = next(item.key for item in page.items() if getattr(item, "kind", "") == "file")
    answer = client.post(reverse("apply_upload", args=[draft.public_id, page.key]), {"place": place, "file": photo()})
    assert answer.status_code == 200, answer.content
    answer = send_page(client, draft, page.key, {place: answer.json()["id"]}, go="leave")
    assert answer.status_code == 302
    return Draft.objects.get(pk=draft.pk)


def read_the_news(client: Client) -> None:
    """What the last page had to tell is told by the next, whichever it is."""
    client.get(reverse("catalogue"))


def photo() -> io.BytesIO:
    file = io.BytesIO(picture())
    file.name = "id.jpg"
    return file


def page_of(draft: Draft) -> Any:
    """A page of the form that takes files."""
    pages = programme_of(draft.programme).form.pages
    return next(page for page in pages if any(getattr(item, "kind", "") == "file" for item in page.items()))


def of_a_caller(office: Office, client: Client) -> Draft:
    """An agent in the middle of a ticket."""
    client.post(reverse("desk_new"), {"key": "hotline_ticket"})
    draft = Draft.objects.get(case__isnull=True)
    page = programme_of(draft.programme).form.pages[0].key
    told = {**TICKET, "office": str(office.orgs["county"].public_id)}
    assert send_page(client, draft, page, told, go="leave").status_code == 302
    return Draft.objects.get(pk=draft.pk)


BEGUN = {"handler": for_a_member, "agent": of_a_caller}


def ask_all(client: Client, draft: Draft, key: Any) -> Iterator[tuple[str, HttpResponse]]:
    """What each address of a draft answers."""
    page = page_of(draft) if draft.programme.key == "hardship_dossier" else programme_of(draft.programme).form.pages[0]
    body = {"seen_revision": draft.revision, "go": "next", "place": next(iter(page.items())).key}
    for name, on_page, method in ADDRESSES:
        url = reverse(name, args=[key, page.key] if on_page else [key])
        sent = {**body, "file": photo()} if name == "apply_upload" else body
        yield f"{method} {name}", getattr(client, method)(url, sent if method == "post" else {})


@pytest.mark.parametrize("other_duty", [False, True])
@pytest.mark.parametrize("who", sorted(BEGUN))
def test_a_draft_is_not_there_any_more(office: Office, who: str, *, other_duty: bool) -> None:
    """At each address, with another duty left and with none, told like a draft that never was."""
    client = log_in(office, who)
    draft = BEGUN[who](office, client)
    if other_duty:
        office.hire(who, "supervisor" if who == "agent" else "unit_chair", "county")
    end(office, who, RoleAssignment.objects.filter(user=office.users[who]).earliest("pk").role)
    read_the_news(client)
    for (name, real), (_same, nothing) in zip(
        ask_all(client, draft, draft.public_id), ask_all(client, draft, NONE), strict=True
    ):
        assert real.status_code == 404, name
        assert told(real, str(draft.public_id)) == told(nothing, NONE), name
    kept = Draft.objects.get(pk=draft.pk)
    assert (kept.revision, bytes(kept.sealed), kept.case_id) == (draft.revision, bytes(draft.sealed), None)
    assert not Case.objects.exists()


@pytest.mark.parametrize("who", sorted(BEGUN))
def test_it_comes_back_with_the_duty(office: Office, who: str) -> None:
    client = log_in(office, who)
    draft = BEGUN[who](office, client)
    end(office, who)
    assert client.get(reverse("apply_check", args=[draft.public_id])).status_code == 404
    give_back(office, who)
    page = client.get(reverse("apply_check", args=[draft.public_id]))
    assert page.status_code == 200
    assert "吴春生" in text_of(page)


def test_the_duty_expires_in_the_middle_of_the_form_and_nothing_is_sent(office: Office) -> None:
    client = log_in(office, "handler")
    draft = for_a_member(office, client)
    fill(client, draft, dossier_answers(office, "worker", name="吴春生", id_no=NUMBER, by="handler"))
    end(office, "handler")
    assert send(client, draft).status_code == 404
    assert not Case.objects.exists()
    give_back(office, "handler")
    assert send(client, draft).status_code == 302
    case = Case.objects.get()
    assert (case.applicant.name, case.filed_by) == ("吴春生", office.users["handler"])


def test_intake_asks_again(office: Office) -> None:
    """Whoever gets past the page is stopped where the case would be made."""
    draft = of_a_caller(office, log_in(office, "agent"))
    end(office, "agent")
    with pytest.raises(Refused) as refusal:
        intake.submit_draft(draft, {}, office.actor("agent"), office.now)
    assert refusal.value.status == 404


def test_the_lists_are_silent_about_it(office: Office) -> None:
    """The home of who handles another union tells neither the member's name nor that there is a form; that of a former
    handler is closed."""
    client = log_in(office, "handler")
    draft = for_a_member(office, client)
    for name in ("my_home", "my_cases"):
        assert str(draft.public_id) in client.get(reverse(name)).content.decode()
    office.hire("handler", "unit_handler", "other_union")
    end_at_union(office)
    for name in ("my_home", "my_cases"):
        page = client.get(reverse(name))
        assert page.status_code == 200
        assert str(draft.public_id) not in page.content.decode()
        assert "吴春生" not in page.content.decode()
    end(office, "handler")
    assert client.get(reverse("my_home")).status_code == 403


def test_the_desk_is_silent_about_it(office: Office) -> None:
    client = log_in(office, "agent")
    draft = of_a_caller(office, client)
    office.hire("agent", "supervisor", "county")
    assert str(draft.public_id) in client.get(reverse("desk_new")).content.decode()
    end(office, "agent", "hotline_agent")
    page = client.get(reverse("desk_new"))
    assert page.status_code == 200
    assert str(draft.public_id) not in page.content.decode()


def test_his_own_application_begins_anew_and_not_at_the_lost_draft(office: Office) -> None:
    lost = for_a_member(office, log_in(office, "handler"))
    end(office, "handler")
    client = private_of_the_handler(office)
    answer = client.post(reverse("apply_start", args=["hardship_dossier"]))
    mine = Draft.objects.exclude(pk=lost.pk).get()
    assert answer["Location"] == reverse("apply_resume", args=[mine.public_id])
    assert mine.duty_role == ""


def test_papers_of_the_draft_are_not_there_any_more(office: Office) -> None:
    """Neither the file, nor its little picture; nor may its id be put into a draft for another union and handed in."""
    client = log_in(office, "handler")
    for_a_member(office, client)
    paper = Document.objects.get(owner=office.users["handler"])
    url, nothing = reverse("my_file", args=[paper.public_id]), reverse("my_file", args=[NONE])
    assert client.get(url).status_code == 200
    own = begun_for_the_other_union(office, client)
    held = own_page_with(client, own, paper)
    assert str(paper.public_id) in held, "while the duty lasts the file is his"
    end_at_union(office)
    read_the_news(client)
    for more in ("", "?small", "?download"):
        assert told(client.get(url + more), str(paper.public_id)) == told(client.get(nothing + more), NONE)
    assert client.get(url).status_code == 404
    assert str(paper.public_id) not in own_page_with(client, own, paper)


def test_papers_sent_with_a_page_of_the_draft_follow_it(office: Office) -> None:
    """Without JavaScript a file comes with the page."""
    client = log_in(office, "handler")
    draft = for_a_member(office, client)
    page = page_of(draft)
    place = next(item.key for item in page.items() if getattr(item, "kind", "") == "file")
    shade = io.BytesIO(picture(200))
    shade.name = "second.jpg"
    send_page(client, draft, page.key, {place: shade}, go="leave")
    second = Document.objects.filter(owner=office.users["handler"]).latest("pk")
    assert (second.name, second.duty_role, second.duty_place) == ("second.jpg", "unit_handler", office.orgs["union"])
    end(office, "handler")
    assert client.get(reverse("my_file", args=[second.public_id])).status_code == 404


def end_at_union(office: Office) -> None:
    """The handler's duty at his first union ends."""
    held = RoleAssignment.objects.filter(user=office.users["handler"], organisation=office.orgs["union"])
    held.update(valid_to=office.now)


def begun_for_the_other_union(office: Office, client: Client) -> Draft:
    """The handler handles a second union, and files for a member there."""
    office.hire("handler", "unit_handler", "other_union")
    duty = f"unit_handler:{office.orgs['other_union'].pk}"
    about = {"name": "吴春生", "phone": "13900005678", "id_no": NUMBER, "duty": duty}
    client.post(reverse("apply_member", args=["hardship_dossier"]), about)
    return Draft.objects.latest("pk")


def private_of_the_handler(office: Office) -> Client:
    """The login that the handler made for himself."""
    person = office.users["handler"].person
    assert person is not None
    office.user("private", person)
    return log_in(office, "private")


def begun_for_himself(client: Client) -> Draft:
    client.post(reverse("apply_start", args=["hardship_dossier"]), {"fresh": "1"})
    return Draft.objects.latest("pk")


def own_page_with(client: Client, draft: Draft, paper: Document) -> str:
    """What the draft holds once its page was sent with the id of this file."""
    page = page_of(draft)
    place = next(item.key for item in page.items() if getattr(item, "kind", "") == "file")
    send_page(client, draft, page.key, {place: str(paper.public_id)}, go="leave")
    return str(drafts.load(Draft.objects.get(pk=draft.pk)))


def test_a_paper_put_into_another_draft_before_the_end_is_not_handed_in_after_it(office: Office) -> None:
    """The id lies in the draft already; the door asks whose the file is now."""
    client, user = log_in(office, "handler"), office.users["handler"]
    for_a_member(office, client)
    paper = Document.objects.get(owner=user)
    own = begun_for_the_other_union(office, client)
    place = {"id_card": [str(paper.public_id)], "union": str(office.orgs["other_union"].public_id)}
    fill(client, own, dossier_answers(office, "worker", name="吴春生", id_no=NUMBER, by="handler", **place))
    end_at_union(office)
    answer = send(client, own)
    assert answer.status_code == 422
    assert not Case.objects.exists()
    give_back(office, "handler")
    assert send(client, own).status_code == 302


def test_a_handlers_own_matter_stays_his(office: Office) -> None:
    """What he began in his private login has nothing to do with his duty, and is filed for nobody else."""
    client, person = private_of_the_handler(office), office.users["handler"].person
    draft = begun_for_himself(client)
    fill(client, draft, dossier_answers(office, "worker", name="吴春生", id_no=NUMBER, by="private"))
    refused = send(client, draft)
    assert refused.status_code == 422
    assert "身份证" in text_of(refused)
    end(office, "handler")
    number = persons.plain_for_system(person, "id_no")
    fill(client, draft, dossier_answers(office, "worker", name=person.name, id_no=number, by="private"))
    assert send(client, draft).status_code == 302
    assert Case.objects.get().applicant == person


def test_a_substitute_loses_it_with_the_substitution(office: Office) -> None:
    deputy = office.user("deputy", office.person("代班员"))
    Substitution.objects.create(
        absent=office.users["agent"], substitute=deputy, role="hotline_agent", organisation=office.orgs["city"],
        valid_from=office.now - dt.timedelta(days=1), valid_to=office.now + dt.timedelta(days=1),
    )
    client = log_in(office, "deputy")
    draft = of_a_caller(office, client)
    url = reverse("apply_check", args=[draft.public_id])
    assert client.get(url).status_code == 200
    office.now += dt.timedelta(days=1)
    assert client.get(url).status_code == 404


def test_of_two_unions_the_one_he_chose_decides(office: Office) -> None:
    office.hire("handler", "unit_handler", "other_union")
    client = log_in(office, "handler")
    url = reverse("apply_member", args=["hardship_dossier"])
    assert "丹江机械厂工会" in text_of(client.get(url))
    about = {"name": "吴春生", "phone": "13900005678", "id_no": NUMBER}
    client.post(url, {**about, "duty": f"unit_handler:{office.orgs['other_union'].pk}"})
    draft = Draft.objects.get()
    assert draft.duty_place == office.orgs["other_union"]
    check = reverse("apply_check", args=[draft.public_id])
    RoleAssignment.objects.filter(user=office.users["handler"], organisation=office.orgs["union"]).update(
        valid_to=office.now
    )
    assert client.get(check).status_code == 200
    end(office, "handler")
    assert client.get(check).status_code == 404
    give_back(office, "handler")
    for foreign in (f"unit_handler:{office.orgs['county'].pk}", f"approver:{office.orgs['union'].pk}", "x"):
        assert client.post(url, {**about, "duty": foreign}).status_code == 404
    assert Draft.objects.count() == 1


def test_at_the_desk_of_two_offices_the_one_he_chose_decides(office: Office) -> None:
    client, url = log_in(office, "clerk"), reverse("desk_new")
    assert "name=\"duty\"" not in client.get(url).content.decode(), "nothing to choose"
    office.hire("clerk", "window_clerk", "other_county")
    office.hire("clerk", "supervisor", "county")
    second = f"window_clerk:{office.orgs['other_county'].pk}"
    assert f'value="{second}"' in client.get(url).content.decode()
    client.post(url, {"key": "hotline_ticket", "duty": second})
    draft = Draft.objects.get()
    assert (draft.duty_role, draft.duty_place) == ("window_clerk", office.orgs["other_county"])
    for foreign in (f"supervisor:{office.orgs['county'].pk}", f"window_clerk:{office.orgs['city'].pk}", "x"):
        assert client.post(url, {"key": "hotline_ticket", "duty": foreign}).status_code == 404
    there = RoleAssignment.objects.filter(user=office.users["clerk"], organisation=office.orgs["other_county"])
    there.update(valid_to=office.now)
    assert client.get(reverse("apply_check", args=[draft.public_id])).status_code == 404


def test_what_goes_on_as_another_service_is_the_officers_only_while_he_is_one(office: Office) -> None:
    told = {"office": str(office.orgs["county"].public_id), **TICKET}
    case = office.apply("agent", "hotline_ticket", told)
    office.do(case, "desk.transfer", "agent", service="hardship_dossier")
    draft, client = Draft.objects.get(came_from=case), log_in(office, "agent")
    assert (draft.owner, draft.duty_role) == (office.users["agent"], "hotline_agent")
    url = reverse("apply_check", args=[draft.public_id])
    assert client.get(url).status_code == 200
    end(office, "agent")
    assert client.get(url).status_code == 404


def test_drafts_from_before_are_given_their_duty(office: Office) -> None:
    """What the migration does: officers' drafts and papers get the duty they held, applicants' stay as they are."""
    version, now = office.version("hotline_ticket"), office.now
    begun = {who: drafts.start(office.users[who], version, now) for who in ("agent", "worker", "handler")}
    office.hire("agent", "approver", "county")
    paper = Document.objects.get(public_id=office.upload("agent", "id_card"))
    own = Document.objects.get(public_id=office.upload("worker", "id_card"))
    himself = drafts.start(office.users["handler"], version, now)
    Draft.objects.filter(pk=himself.pk).update(for_person=office.users["handler"].person)
    Draft.objects.update(created_at=now)
    for module in ("forms", "documents"):
        importlib.import_module(
            f"casework.{module}.migrations." + ("0003_duty" if module == "forms" else "0002_duty")
        ).remember(apps, None)
    found = {who: Draft.objects.get(pk=draft.pk) for who, draft in begun.items()}
    assert (found["agent"].duty_role, found["agent"].duty_place) == ("hotline_agent", office.orgs["city"])
    assert (found["handler"].duty_role, found["handler"].duty_place) == ("unit_handler", office.orgs["union"])
    assert (found["worker"].duty_role, found["worker"].duty_place) == ("", None)
    assert Draft.objects.get(pk=himself.pk).duty_role == ""
    assert Document.objects.get(pk=paper.pk).duty_role == "hotline_agent"
    assert Document.objects.get(pk=own.pk).duty_role == ""
