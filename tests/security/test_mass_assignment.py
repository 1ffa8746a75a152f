"""No mass assignment (promise R3): whoever adds fields of ours to what he sends gets none of them taken.

Through the door every one of them is named and the whole is refused (422). The pages of the site read the fields that
they ask for and no others: what they write is the same with the strangers as without.
"""
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.urls import reverse

from casework.cases.models import Case
from casework.core.problems import Refused
from casework.forms import drafts
from casework.forms.models import Draft
from casework.workflows import applicant, intake
from casework.workflows.kinds import KINDS
from tests import walk
from tests.faults.detours import (
    Patient,
    about,
    dossier_with_every_detour,
    endings,
    everything_offered,
    money_with_a_closed_card,
    opinion,
)
from tests.faults.every_choice import all_choices, try_all
from tests.faults.photo import changed, photograph
from tests.filled import living_answers
from tests.office import id_number
from tests.security.house import House, bodies, places
from tests.security.test_pages import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.promise("R3")]

STRANGERS: dict[str, Any] = {
    "state": "approved", "amount": 99_999_999, "org": 1, "role": "admin", "owner": 1, "is_staff": True, "id": 1,
}


def crammed(answers: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The answers with all strangers they do not hold, in the first row of each table too; where the strangers are."""
    found, where = dict(answers), set(STRANGERS) - set(answers)
    found |= {name: STRANGERS[name] for name in where}
    for key, rows in answers.items():
        if isinstance(rows, list) and rows and isinstance(rows[0], dict):
            new = set(STRANGERS) - set(rows[0])
            found[key] = [rows[0] | {name: STRANGERS[name] for name in new}, *rows[1:]]
            where |= {f"{key}.0.{name}" for name in new}
    return found, where


def unknown(refusal: Refused) -> set[str]:
    """The places that were refused as unknown."""
    return {problem.place for problem in refusal.problems if problem.code == "UNKNOWN_FIELD"}


class Crammer(Patient):
    """Whatever is done is first tried with the strangers among its answers: refused, each of them named. Finance desk
    and timers take no answers of cases; `do` and `apply` try what does."""

    def __init__(self, now: dt.datetime) -> None:
        self.seen = set[tuple[str, str]]()
        super().__init__(now)

    def do(self, case: Case, action: str, who: str, key: str = "", seen: int | None = None, **answers: Any) -> Any:
        """The click with strangers, then the honest one."""
        if not self.trying:
            return super().do(case, action, who, key, seen, **answers)
        more, where = crammed(answers)
        before = Case.objects.filter(pk=case.pk).values().get()
        with pytest.raises(Refused) as refusal:
            super().do(case, action, who, "", seen, **more)
        assert (refusal.value.status, unknown(refusal.value)) == (422, where), action
        assert Case.objects.filter(pk=case.pk).values().get() == before, action
        event = super().do(case, action, who, key, seen, **answers)
        self.seen.add(about(event))
        return event

    def apply(self, who: str, key: str, answers: dict[str, Any], token: str = "") -> Case:
        """The application with strangers, then the honest one."""
        if not self.trying:
            return super().apply(who, key, answers, token)
        more, where = crammed(answers)
        known = Case.objects.count()
        with pytest.raises(Refused) as refusal:
            super().apply(who, key, more)
        assert (refusal.value.status, unknown(refusal.value)) == (422, where), key
        assert Case.objects.count() == known, "no case was begun"
        self.seen.add(("applicant", "submit"))
        return super().apply(who, key, answers, token)

    def send(self, draft: Any, answers: dict[str, Any]) -> Any:
        """The same from a draft, which stays."""
        more, where = crammed(answers)
        actor = self.actor(draft.owner.username)
        with pytest.raises(Refused) as refusal:
            intake.submit_draft(draft, more, actor, self.now)
        assert (refusal.value.status, unknown(refusal.value)) == (422, where)
        return super().send(draft, answers)


def by_people() -> set[tuple[str, str]]:
    """(kind of step, decision) of every choice that a person can make."""
    sides = {("applicant", choice.key): choice.side for choice in applicant.CHOICES}
    sides |= {(kind.key, choice.key): choice.side for kind in KINDS.values() for choice in kind.choices}
    return {name for name, side in sides.items() if side != "system"}


def test_through_the_door_every_stranger_is_named_and_nothing_is_done(moment: dt.datetime) -> None:
    """Every choice of every step of both programmes, with a form and without. Seen red with a choice without a form
    that let its answers fall."""
    office = Crammer(moment)
    walk.member(office)
    assert dossier_with_every_detour(office).state == "closed"
    endings(office)
    case = money_with_a_closed_card(office)
    opinion(office, case, "rate.give", "worker", stars="5")
    assert (everything_offered(office) & by_people()) - office.seen == set()
    assert {("check", "take"), ("accept", "take"), ("accept", "release")} & office.seen


def test_the_choices_of_every_other_service_take_no_stranger_either(moment: dt.datetime) -> None:
    """Every kind of step in the catalogue, and the application of every service walked. Seen red with a form that is
    made for its case (a field a line) and lets unknown fields fall."""
    office = Crammer(moment)
    known = everything_offered(office) & by_people()
    try_all(office, known, by_people=True)
    assert all_choices(by_people=True) - known - office.seen == set()


# What a page asks for under one of these names, and so takes.
ASKED = {
    "desk_fund_receive": {"amount"}, "desk_attention_do": {"id"}, "apply": {"amount"}, "apply_save": {"amount"},
    "apply_live": {"amount"},
}
GUARDED = {
    "state", "status", "outcome", "category", "decision", "amount_fen", "requested_fen", "fen", "available", "role",
    "level", "path", "organisation_id", "county_id", "owner_id", "user_id", "person_id", "applicant_id",
    "assignee_id", "filed_by_id", "fund_id", "account_id", "is_staff", "is_superuser", "is_active", "username",
}


def typed(house: House) -> dict[str, dict[str, Any]]:
    """What each page is sent, so that it writes."""
    case = house.office.fresh(house.case)
    newcomer = {"name": "新来的", "id_no": id_number(777), "phone": "13900005678", "agree": "true"}
    asks = living_answers(house.office, "worker")
    page = {"amount": "3000", "reason": asks.get("reason", "生活困难"), "seen_revision": house.draft.revision}
    return bodies(house) | {
        "register": newcomer | {"password": "Quite-a-long-one-77"},
        "apply_member": newcomer,
        "my_act": {"seen": case.event_n, "key": "my-own-click"},
        "desk_fund_receive": {"amount": "5000", "memo": "拨款", "key": "k1"},
        "desk_file": {"reason": "check", "reason_text": "核对材料"},
        "apply": page | {"go": "next"}, "apply_save": page, "apply_live": page | {"place": "amount"},
        "oversight_export": {"reason": "例行审计抽查"},
    }


def standing(house: House, known: dict[str, set[Any]]) -> dict[str, Any]:
    """The columns that say who is what, who owns what and how much, of every row there is; and what the draft holds.

    Whoever was not known before the request is "new": PostgreSQL gives no number twice, though it was forgotten.
    """
    found: dict[str, Any] = {}
    for model in apps.get_models():
        columns = sorted(GUARDED & {field.attname for field in model._meta.concrete_fields})
        if columns and not model._meta.proxy:
            rows = model._default_manager.values_list(*columns)
            found[model._meta.label] = Counter(
                tuple(named(model, column, value, known) for column, value in zip(columns, row, strict=True))
                for row in rows
            )
    for draft in Draft.objects.filter(pk=house.draft.pk):
        found["draft"] = dict(drafts.load(draft))
    return found


def named(model: type[Model], column: str, value: Any, known: dict[str, set[Any]]) -> Any:
    """The value of a column; "new" where it names a row that was not known."""
    other = next(field for field in model._meta.concrete_fields if field.attname == column).related_model
    if value is None or not isinstance(other, type) or value in known[other._meta.label]:
        return value
    return "new"


def known_rows() -> dict[str, set[Any]]:
    """The numbers of all rows there are, by model."""
    return {model._meta.label: set(model._default_manager.values_list("pk", flat=True)) for model in apps.get_models()}


def write(house: House, login: str, page: str, extra: dict[str, Any]) -> tuple[int, dict[str, Any], bool]:
    """One request, forgotten again: its status, what stands afterwards, and whether anything was written."""
    with transaction.atomic():
        client = house.client(login)
        body = typed(house).get(page, {}) | extra
        before, known = photograph(), known_rows()
        answer: HttpResponse = client.post(reverse(page, args=places(house).get(page, [])), body)
        found = answer.status_code, standing(house, known), bool(changed(before, photograph()))
        transaction.set_rollback(True)
    return found


NEAREST = ("applicant", "nobody", "reviewer", "finance_officer", "cashier")


def who_writes() -> Iterator[tuple[str, str]]:
    """(address, login) of everyone who may send something somewhere."""
    for page, (_get, post) in PAGES.items():
        logins = [login for login in NEAREST if login in post][:1] or sorted(post)[:1]
        if "anonymous" in post:
            logins.append("anonymous")
        yield from ((page, login) for login in logins)


WROTE = {
    "register", "apply_start", "apply_send", "apply", "apply_save", "my_act", "desk_do", "desk_reveal",
    "desk_attention_do", "desk_fund_receive", "desk_batch_check", "desk_file",
}


def test_no_page_takes_what_it_does_not_ask_for(house: House) -> None:
    """Every address that takes something, by somebody who may send it."""
    wrote = set()
    for page, login in who_writes():
        strangers = {name: value for name, value in STRANGERS.items() if name not in ASKED.get(page, set())}
        plain, stuffed = write(house, login, page, {}), write(house, login, page, strangers)
        assert plain == stuffed, f"{page} as {login}"
        wrote |= {page} if plain[2] else set()
    assert WROTE - wrote == set(), "nothing was tried there"
