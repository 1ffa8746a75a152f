"""A federation in the middle of a working day, for the tests of rights: a login for each role and for the people who
hold none, cases at several places of their routes, and one object of every kind that has an address."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.test import Client
from guardian.shortcuts import assign_perm

from casework.access.models import Role, RoleAssignment, User
from casework.cases.models import Case
from casework.documents import store
from casework.documents.models import Document
from casework.forms import drafts as form_drafts
from casework.forms.models import Draft
from casework.funds.models import Batch, Payment
from casework.notifications.models import Message
from casework.papers.models import Paper
from casework.programmes import drafts, numbers
from casework.workflows import payruns, shadow
from casework.workflows.models import MigrationPlan, PublicNotice
from tests import walk
from tests.office import STAFF, Office
from tests.services import jobs

# Every login the pages are tried with; the words of pages.txt.
OUTSIDERS = ("anonymous", "nobody", "expert", "stranger")
LOGINS = (*Role.values, *OUTSIDERS)
AT_THE_CITY = (Role.PROVINCE_APPROVER, Role.POLICY_OFFICER)
PDF = b"%PDF-1.4\n%%EOF\n"


@dataclass
class House:
    """case: on the reviewer's desk, of the login "applicant"; paid: another worker's, whose payment lies in batch."""

    office: Office
    case: Case
    paid: Case
    batch: Batch
    notice: PublicNotice
    draft: Draft
    file: Document
    paper: Paper
    names: dict[str, str]
    vacancy: uuid.UUID
    rules: uuid.UUID
    number: uuid.UUID
    run: uuid.UUID
    plan: uuid.UUID

    def client(self, login: str) -> Client:
        """A fresh browser of this login."""
        client = Client(raise_request_exception=False)
        if login != "anonymous":
            client.force_login(self.office.users[self.names[login]])
        return client


def build(office: Office) -> House:
    """The federation with its cases."""
    start = office.now
    office.now = start - dt.timedelta(days=60)
    walk.dossier(office, "other_worker")
    paid = walk.go(office, walk.living_case(office, "other_worker"), walk.LIVING, "pay")
    noticed = walk.go(office, walk.dossier_case(office, "third_worker"), walk.DOSSIER, "unit_notice")
    walk.dossier(office)
    vacancy = jobs.published(office, "other_worker", valid_to=(start + dt.timedelta(days=30)).date().isoformat())
    office.now = max(start, office.now)
    waiting = list(Payment.objects.filter(state="queued").values_list("pk", flat=True))
    batch = payruns.make(office.fund, waiting, office.actor("finance"), office.now)
    batch = payruns.check(batch, office.actor("cashier"), office.now, approve=True)
    walk.enter_phase(office, noticed, "unit_notice", "posted")
    case = walk.go(office, walk.living_case(office), walk.LIVING, "review")
    assign_perm("cases.read_case", office_user(office, "expert"), case)
    case.messages.filter(channel="sms").update(state="dead", trouble="NO_PHONE")
    names = logins(office)
    return House(
        office, case, paid, batch, noticed.notices.get(), draft_of(office), case.documents.filter(made=False)[0],
        made_paper(case, office.now), names, jobs.entry_of(vacancy).public_id,
        *in_the_studio(office, names["policy_officer"]),
    )


def in_the_studio(office: Office, who: str) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID, uuid.UUID]:
    """The draft of a programme, a proposed number, a run over last year's cases and a plan that moves running ones: the
    policy officer's pages."""
    actor = office.actor(who)
    rules = drafts.begin("living_aid", actor, office.now)
    day = office.now.date()
    number = numbers.propose("living_aid", "611002", {"deep_multiple": 12}, day, "文件", actor, office.now)
    version = office.version("living_aid")
    plan = MigrationPlan.objects.create(
        source=version, target=version, author=office.users[who], created_at=office.now
    )
    return rules.public_id, number.public_id, shadow.start(rules, actor, office.now).public_id, plan.public_id


def office_user(office: Office, name: str) -> User:
    """A login without any duty."""
    return office.users.get(name) or office.user(name, office.person(f"无职{name}"))


def logins(office: Office) -> dict[str, str]:
    """Word of pages.txt → user name. A stranger holds every role there is, in another county."""
    names = {role: name for name, (role, place) in STAFF.items() if place != "other_county"}
    for role in Role.values:
        if role not in names and role != Role.APPLICANT:
            office.hire(role, role, "city" if role in AT_THE_CITY else "county")
            names[role] = role
    stranger = office_user(office, "stranger")
    RoleAssignment.objects.bulk_create(
        RoleAssignment(
            user=stranger, role=role, organisation=office.orgs["other_county"],
            valid_from=office.now - dt.timedelta(days=9),
        )
        for role in Role.values if role != Role.APPLICANT
    )
    office_user(office, "nobody")
    return names | {"applicant": "worker", "nobody": "nobody", "expert": "expert", "stranger": "stranger"}


def draft_of(office: Office) -> Draft:
    """What the applicant began and has not sent."""
    raw = {"account_name": ["李建国"]}
    return form_drafts.start(office.users["worker"], office.version("living_aid"), office.now, raw)


def made_paper(case: Case, now: dt.datetime) -> Paper:
    """A letter to the applicant with a file, without the cost of rendering one."""
    paper = case.papers.order_by("id").first()
    assert paper is not None
    paper.document = store.keep(PDF, "letter", "letter.pdf", "application/pdf", now)
    paper.state = "made"
    paper.save(update_fields=["document", "state"])
    return paper


def places(house: House) -> dict[str, list[Any]]:
    """What stands in the address of each page, by the name of its URL pattern; none for the pages without."""
    case, batch, draft = house.case.public_id, house.batch.public_id, house.draft.public_id
    page, fund = "request", house.office.fund.public_id
    service = ["living_aid"]
    on_case = ("my_case", "receipt", "my_second_look", "desk_case", "desk_do", "desk_reveal", "desk_second_look")
    found: dict[str, list[Any]] = {name: [case] for name in on_case}
    found |= {f"oversight_{name}": [case] for name in ("case", "verify", "export")}
    found |= {f"desk_batch{name}": [batch] for name in ("", "_check", "_export", "_result")} | {"desk_roster": [batch]}
    found |= {name: [fund] for name in ("desk_fund", "desk_fund_receive", "desk_fund_allocate", "desk_batch_make")}
    found |= {"desk_fund_take_back": [fund], "desk_fund_carry_over": [fund]}
    found |= {f"apply_{name}": [draft] for name in ("check", "send", "discard", "resume")}
    found |= {name: [draft, page] for name in ("apply", "apply_save", "apply_live", "apply_upload")}
    found |= dict.fromkeys(("programme", "apply_start", "apply_member"), service)
    found |= {"desk_file": [case, house.file.public_id], "desk_preview": [case, house.file.public_id]}
    found |= {"my_file": [house.file.public_id], "my_letter": [house.paper.public_id]}
    found |= {"desk_paper": [house.paper.public_id], "my_act": [case, "withdraw"], "notice": [house.notice.public_id]}
    found |= {f"studio_{name}": service for name in ("programme", "route", "form", "compare", "begin", "number")}
    found |= {"studio_plan_new": service, "studio_plan": [house.plan], "studio_plan_step": [house.plan]}
    of_draft = ("draft", "draft_step", "draft_route", "try", "shadow")
    found |= {f"studio_{name}": [house.rules] for name in of_draft}
    found |= {"studio_section": [house.rules, "texts"]}
    found |= {"studio_shadow_run": [house.run]}
    found |= {"studio_number_draft": [house.number], "studio_number_step": [house.number]}
    office = house.office
    found |= {"offices_union": [office.orgs["county"].public_id]}
    found |= {"offices_login": [office.users["officer"].public_id]}
    return found | {"paper_check": [house.paper.check_code], "vacancy": [house.vacancy]}


def bodies(house: House) -> dict[str, dict[str, Any]]:
    """What is posted where an empty form would be answered "not found" to those who may."""
    case = house.office.fresh(house.case)
    left = Message.objects.filter(case=case, state="dead").first()
    return {
        "desk_attention_do": {"what": "message.again", "id": left.pk if left else ""},
        "desk_together_do": {
            "action": "review.pass", "case": str(case.public_id), f"seen-{case.public_id}": case.event_n,
            "key": uuid.uuid4().hex,
        },
        "desk_do": {"action": "review.take", "seen": case.event_n, "key": uuid.uuid4().hex},
        "desk_reveal": {"what": f"phone:{case.applicant.public_id}"},
        "apply_live": {"place": "amount"},
        "apply_upload": {"place": "income_proof"},
        "offices_union": {"act": "add"},
        "offices_login": {"act": "give"},
        "desk_batch_check": {"decision": "approve"},
        "studio_draft_step": {"act": "check", "revision": "1"},
        "studio_number_step": {"act": "drop"},
        "studio_plan_step": {"act": "drop"},
    }
