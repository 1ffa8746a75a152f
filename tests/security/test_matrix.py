"""Default deny (promise R1): every role at every place of the routes named, through the read twin and through the door,
against the hand-reviewed table permissions.txt. Widening authority() by one role turns the table red."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.access.models import Role, User
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.workflows import moves
from casework.workflows.models import Task
from tests import walk
from tests.office import STAFF, Office

pytestmark = [pytest.mark.django_db, pytest.mark.promise("R1")]

Place = tuple[str, str, str]
PLACES = {"province": "province", "city": "city", "county": "county", "town": "town", "union": "union"}
FORGED = ("submit", "lapse", "approve.pass", "pay.paid", "review.pass", "unit_check.silence", "county_notice.ended")


def read_table() -> dict[Place, dict[str, set[str]]]:
    """The table: place → role → full actions."""
    table: dict[Place, dict[str, set[str]]] = {}
    place: Place = ("", "", "")
    for line in (Path(__file__).parent / "permissions.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            key, step, phase = line.split()
            place = (key, step, "" if phase == "-" else phase)
            table[place] = {}
            continue
        role, _colon, actions = line.strip().partition(":")
        own = role == Role.APPLICANT
        table[place][role] = {action if own else f"{place[1]}.{action}" for action in actions.split()}
    return table


TABLE = read_table()


def everybody(office: Office) -> Iterator[tuple[str, str]]:
    """(role, login) of one person for each role at its own place, and of one for each role in another county."""
    known = {role: name for name, (role, _place) in STAFF.items() if name not in ("far_reviewer", "visitor_1")}
    for role in Role.values:
        if role == Role.APPLICANT:
            continue
        if role not in known:
            office.hire(role, role, "city" if role in (Role.ADMIN, Role.PROVINCE_APPROVER) else "county")
        yield role, known.get(role, role)
        office.hire(f"far_{role}", role, "other_county")
        yield "stranger", f"far_{role}"
    walk.member(office, "other_worker")
    yield "stranger", "other_worker"
    yield Role.APPLICANT, "worker"


def arrive(office: Office, place: Place) -> Case:
    """A case at this place of its route."""
    key, step, phase = place
    if key == "hardship_dossier":
        case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until=step)
    elif key == "temporary_aid":
        office.make_fund("temporary", 1_000_000_00)
        case = walk.go(office, walk.temporary_case(office), walk.TEMPORARY, until=step)
        if phase == "returned":
            walk.settle(office, case, returned=True)
    else:
        walk.dossier(office)
        case = walk.go(office, walk.living_case(office), walk.LIVING, until=step)
        if step in ("pay", "rate"):
            walk.settle(office, case, returned=phase == "returned", paid=step == "rate")
    walk.enter_phase(office, case, step, phase)
    return office.fresh(case)


@pytest.mark.parametrize("place", TABLE, ids="-".join)
def test_every_role_may_do_what_the_table_says_and_nothing_else(place: Place, moment: dt.datetime) -> None:
    office = Office(moment)
    case = arrive(office, place)
    task = Task.objects.get(case=case, state="open")
    assert (task.step, task.phase) == place[1:]
    wanted = TABLE[place]
    people = list(everybody(office))
    universe = {action for actions in wanted.values() for action in actions} | set(FORGED)
    for role, login in people:
        allowed = wanted.get(role, set()) if role != "stranger" else set()
        shown = {m.action for m in moves.available(case, office.actor(login), office.now) if not m.problems}
        assert shown == allowed, f"{role} ({login}) sees {sorted(shown)}"
        for action in sorted(universe - allowed)[:: 5 if role == "stranger" else 1]:
            with pytest.raises(Refused) as refusal:
                office.do(case, action, login)
            status = refusal.value.status
            assert status in (403, 404, 409), f"{role} {action}: {status}"
            if role == "stranger":
                assert status == 404
    assert office.fresh(case).event_n == case.event_n


def test_the_table_names_every_step_of_its_programmes(moment: dt.datetime) -> None:
    office = Office(moment)
    from casework.programmes.loader import programme_of

    for key in {place[0] for place in TABLE}:
        steps = {step.key for step in programme_of(office.version(key)).steps()}
        assert steps == {place[1] for place in TABLE if place[0] == key}


def test_a_login_without_any_duty_sees_no_case_but_its_own(moment: dt.datetime) -> None:
    office = Office(moment)
    case = walk.dossier_case(office)
    nobody = User.objects.create(username="nobody")
    office.users["nobody"] = nobody
    assert moves.available(case, office.actor("nobody"), office.now) == []
