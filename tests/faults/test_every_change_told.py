"""Promises A1 and N1 under attack: a database that takes no event takes no change either; every change of a case stands
in its event; what is rolled back tells nobody."""

import contextlib
import datetime as dt
import io
import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import pikepdf
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from kombu.exceptions import OperationalError

from casework.access import assign, signup
from casework.access.duties import stamp_of
from casework.access.models import RoleAssignment
from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.documents.models import Document
from casework.funds import ledger
from casework.notifications import deliver
from casework.notifications.models import Message
from casework.notifications.tasks import deliver_message
from casework.organisations import tree
from casework.organisations.models import Organisation
from casework.oversight import fold
from casework.oversight.invariants import invariants
from casework.papers import making
from casework.papers.models import Paper
from casework.papers.tasks import make_paper
from casework.people import kin, persons
from casework.programmes import versions
from casework.workflows import alerts
from casework.workflows.models import CampaignLine, QueuedCommand, Timer
from casework.workflows.tasks import run_queued
from casework.workflows.turn import TRACKED
from tests import walk
from tests.faults.clicks import Action, woken
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
from tests.faults.photo import Photo, changed, no_events, photograph
from tests.filled import living_answers
from tests.office import Office, id_number

__all__ = ["woken"]
Woken = list[tuple[str, Any]]
# Columns of a case that follow from the event itself or the union it names, or stand in its data under their own names.
LINE = {f"{column}_id": column for column in tree.LINE.values()}
FOLLOWING = {"event_n", "ended_at", "parameters", "facts", *LINE}
PAGE = io.BytesIO()
with pikepdf.new() as _pdf:
    _pdf.add_blank_page()
    _pdf.save(PAGE)
ONE_PAGE = PAGE.getvalue()


class Witness(Patient):
    """Each action is first tried on a database that takes no event: then nothing may remain. Then it is done, and the
    rows it changed are compared with the events it wrote."""

    def __init__(self, now: dt.datetime, told: Woken) -> None:
        self.told, self.seen = told, set[tuple[str, str]]()
        super().__init__(now)

    def tried(self, name: str, action: Action) -> Any:
        """Refuse it, then do it and look."""
        if not self.trying:
            return action()
        before, told = photograph(), list(self.told)
        with no_events():
            refused_without_events(name, action)
        left = changed(before, photograph())
        assert not left or (name == "tick" and only_prepared(before, left)), f"{name} left {left}"
        assert self.told == told, f"{name}: somebody was told of what was rolled back"
        cases, last, idle = rows(), newest(), name == "tick" and self.nothing_due()
        answer = action()
        self.look(name, before, cases, last, idle)
        return answer

    def nothing_due(self) -> bool:
        """No timer rings and no command waits: a tick may then leave everything as it is."""
        ringing, waiting = Timer.objects.filter(state="set"), QueuedCommand.objects.filter(state="due")
        return not any(rows.filter(due_at__lte=self.now).exists() for rows in (ringing, waiting))

    def look(self, name: str, before: Photo, cases: dict[int, dict[str, Any]], last: int, idle: bool) -> None:
        """Compare rows and events."""
        news = list(Event.objects.filter(pk__gt=last).order_by("pk"))
        after = changed(before, photograph())
        assert news or (idle and only_prepared(before, after)), f"{name} wrote no event"
        for table, ids in after.items():
            named_by_new_event(table, ids - set(before[table]), {event.pk for event in news})
        for case in Case.objects.filter(pk__in=after.get(Case._meta.db_table, ())):
            own = [event for event in news if event.subject_id == str(case.public_id)]
            assert own, f"{name}: {case.number} was changed without an event"
            covered(name, cases.get(case.pk), rows()[case.pk], own)
        for event in news:
            if "lines_drawn" in event.data:
                lines = CampaignLine.objects.filter(campaign__public_id=event.subject_id)
                assert lines.count() == event.data["lines_drawn"]
        self.seen |= {about(event) for event in news if event.subject_kind == "case"}


def refused_without_events(name: str, action: Action) -> None:
    """The database's own error, or "busy" after some tries. Timers and queued commands wait for the next round."""
    try:
        action()
    except DatabaseError:
        return
    except Refused as refusal:
        if refusal.status != 409:
            raise  # it was never tried
        return
    assert name == "tick", f"{name} was done without an event"


def only_prepared(before: Photo, left: dict[str, set[Any]]) -> bool:
    """What the beat may leave without an event: new lines of a roster that is still being drawn, with the new command
    that will tell of them all in one event, before which nobody can do anything with them; and the note at a queued
    command that the case had moved on from, which changes no case."""
    tables = [model._meta.db_table for model in (CampaignLine, QueuedCommand)]
    lines, commands = (left.get(table, set()) for table in tables)
    drawing = CampaignLine.objects.filter(
        pk__in=lines - set(before[tables[0]]),
        campaign__tasks__kind="roster", campaign__tasks__phase="drawing", campaign__tasks__state="open",
    )  # fmt: skip
    new = commands - set(before[tables[1]])
    telling = QueuedCommand.objects.filter(pk__in=new, state="due", key__startswith="drawn:")
    late = QueuedCommand.objects.filter(pk__in=commands - new, state="refused", trouble__startswith="MOVED_ON")
    return (
        left.keys() <= set(tables)
        and drawing.count() == len(lines)
        and telling.count() + late.count() == len(commands)
    )


def rows() -> dict[int, dict[str, Any]]:
    """Every case, all its columns."""
    return {row["id"]: row for row in Case.objects.values()}


def newest() -> int:
    """The last event."""
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def named_by_new_event(table: str, ids: set[int], news: set[int]) -> None:
    """New rows that name an event name one of this action."""
    model = next((m for m in apps.get_models() if m._meta.db_table == table and not m._meta.proxy), None)
    if model is not None and any(field.attname == "event_id" for field in model._meta.concrete_fields):
        named = set(model._default_manager.filter(pk__in=ids).values_list("event_id", flat=True))
        assert named <= news, f"{table} names an older event"


def covered(name: str, old: dict[str, Any] | None, new: dict[str, Any], events: list[Event]) -> None:
    """What the events say of a case is what changed in its row."""
    told = fold.overlay(events)
    for column in TRACKED:
        was = old[column] if old else Case._meta.get_field(column).get_default()
        if fold.plain(new[column]) != fold.plain(was):
            assert column in told, f"{name}: {column} was changed and not told"
        if column in told:
            assert fold.plain(new[column]) == fold.plain(told[column]), f"{name}: {column}"
    assert new["event_n"] == events[-1].n == (old["event_n"] if old else 0) + len(events)
    if old is None:
        return
    differing = {column for column, value in new.items() if value != old[column]}
    assert differing <= {*TRACKED, *FOLLOWING}, f"{name} changed {differing}"
    if "ended_at" in differing:
        assert new["ended_at"] == events[-1].at
    line = tree.line_of(Organisation.objects.get(pk=new["organisation_id"]))
    offices = {column: getattr(line[level], "pk", None) for column, level in LINE.items()}
    assert {column: new[column] for column in LINE} == offices
    if "parameters" in differing:
        assert new["parameters"] == events[-1].data["parameters"]


@pytest.fixture
def office(transactional_db: None, moment: dt.datetime, woken: Woken) -> Witness:
    """A federation whose work is really committed."""
    made = Witness(moment, woken)
    walk.member(made)
    return made


@pytest.mark.promise("A1")
@pytest.mark.promise("N1")
def test_without_its_event_no_action_leaves_anything_and_with_it_all_is_told(office: Witness) -> None:
    """Every choice of every kind of step, on the way to a dossier and to its money. Seen red with the door's
    transaction taken away, with a column left out of the snapshot, and with a first event that told only what the
    submission changed of the new row."""
    assert dossier_with_every_detour(office).state == "closed"
    endings(office)
    case = money_with_a_closed_card(office)
    with transaction.atomic():
        opinion(office, case, "rate.give", "worker", stars="5")
        assert office.state(case) == "closed"
        transaction.set_rollback(True)
    office.wait(case, "rate.silence")
    assert office.state(case) == "closed"
    assert everything_offered(office) - office.seen == set()
    assert invariants(office.now) == []


@pytest.mark.django_db
@pytest.mark.promise("A1")
def test_the_choices_of_every_other_service_stand_in_their_events_too(moment: dt.datetime, woken: Woken) -> None:
    """Every kind of step in the catalogue, each choice once: by people, timers, the bank and other cases. Seen red
    while a petition that was sent on told its new federation by name only."""
    office = Witness(moment, woken)
    known = everything_offered(office)
    try_all(office, known)
    assert all_choices() - known - office.seen == set()


def chores(office: Witness) -> dict[str, Action]:
    """What changes rights, persons, programmes, money and files outside of cases."""
    now, stamp = office.now, stamp_of(office.actor("admin"), None, "online")
    county, officer, deputy = office.orgs["county"], office.users["officer"], office.users["reviewer"]
    person = office.person("孙玉梅", id_number(901))
    role = RoleAssignment.objects.filter(user=office.users["cashier_2"]).get()
    fund = office.make_fund("medical", 5_000_00)
    income = ledger.receive(fund, 100_00, stamp, now, "捐款")
    week = dt.timedelta(days=7)
    return {
        "assign": partial(assign.assign, officer, "supervisor", county, now, None, stamp, now),
        "end": partial(assign.end, role, stamp, now),
        "substitute": partial(assign.substitute, officer, deputy, "case_officer", county, now, now + week, stamp, now),
        "kinship": partial(kin.declare, person, id_number(902), "sibling", stamp, now),
        "reveal": partial(persons.reveal, person, "id_no", stamp, "电话核实身份", now),
        "open": partial(
            ledger.open_fund, "临时救助", county, "区财政", ["living"], now.year, now.date(), stamp, now),
        "receive": partial(ledger.receive, fund, 700_00, stamp, now, "拨款"),
        "reverse": partial(ledger.reverse, income, stamp, now, "记错"),
        "publish": partial(versions.publish, "living_aid", now, now.date(), stamp),
        "unverified_2029": partial(alerts.unverified_dossiers, now.replace(year=2029)),
    }  # fmt: skip


@pytest.mark.promise("A1")
def test_chores_outside_of_cases_leave_nothing_without_their_event(
    office: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rights, kinship, a look at an ID number, money, programmes. Seen red with the event of assign.assign written
    after its transaction."""
    content_of = versions.content_of
    walk.dossier(office)
    actions = chores(office)
    monkeypatch.setattr(versions, "content_of", lambda folder: content_of(folder) | {"version": 9})
    for name, action in actions.items():
        last = newest()
        office.tried(name, action)
        assert name in Event.objects.filter(pk__gt=last).values_list("action", flat=True)
    assert invariants(office.now) == []


@pytest.mark.promise("A1")
def test_what_catches_its_own_trouble_leaves_nothing_either(office: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing up answers the same to everybody; a letter notes its trouble and is made by a later try. Seen red with
    the transaction of the letter taken away: a file that no event names."""
    stamp = stamp_of(office.actor("worker"), None, "online")
    sign_up = partial(signup.sign_up, "周长河", id_number(903), "13900005678", "a long password", stamp, office.now)
    before = photograph()
    with no_events(), contextlib.suppress(DatabaseError):
        assert sign_up() is None
    assert changed(before, photograph()) == {}
    assert sign_up() is not None
    walk.enter_phase(office, walk.dossier_case(office), "unit_check", "waiting")
    paper = Paper.objects.get()
    monkeypatch.setattr(making, "render", lambda _paper: ONE_PAGE)
    before = photograph()
    with no_events():
        assert not making.make(paper.pk, office.now)
    assert set(changed(before, photograph())) == {Paper._meta.db_table}
    assert not Document.objects.filter(made=True).exists()
    later = office.now + dt.timedelta(hours=1)
    assert making.make(paper.pk, later)
    assert Document.objects.filter(made=True).count() == Event.objects.filter(action="paper_made").count() == 1


class Broken(Exception):
    """What goes wrong at one statement."""


class Trip:
    """Raises at the k-th statement of the transaction."""

    def __init__(self, k: int) -> None:
        self.k, self.count = k, 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += connection.in_atomic_block
        if self.count == self.k and connection.in_atomic_block:
            raise Broken
        return execute(sql, params, many, context)


@pytest.mark.promise("N1")
@pytest.mark.promise("A1")
def test_a_rollback_at_any_statement_tells_nobody(
    transactional_db: None, moment: dt.datetime, woken: Woken
) -> None:
    """Something goes wrong at each statement of an approval, of a refusal and of a submission, in a process that lives
    on: nothing remains, no worker is woken. Afterwards each message and letter is woken exactly once. Seen red with
    workers woken before the commit."""
    office = Office(moment)
    walk.dossier(office)
    case = walk.go(office, walk.living_case(office), walk.LIVING, "approve")
    answers, award = living_answers(office), office.fresh(case).facts["award_fen"]
    rolled_back_everywhere(lambda key: office.do(case, "approve.pass", "approver", key=key, amount=award), woken)
    walk.enter_phase(office, case, "county_notice", "stopped")
    rolled_back_everywhere(
        lambda key: office.do(case, "county_notice.uphold", "publicity", key=key, reply="经查属实"), woken)  # fmt: skip
    rolled_back_everywhere(lambda key: office.apply("worker", "living_aid", answers, key), woken)
    due = Message.objects.filter(state="due")
    for name, wanted in (("message", due), ("paper", Paper.objects.all())):
        assert sorted(args[0] for job, args in woken if job == name) == sorted(wanted.values_list("pk", flat=True))
    assert sum(deliver.deliver(pk, office.now) for pk in deliver.due_ids(office.now)) > 0
    assert not due.exists()
    assert invariants(office.now) == []


def rolled_back_everywhere(act: Callable[[str], Any], woken: Woken) -> None:
    """Break it at every statement; the last time it goes through."""
    before, told = photograph(), list(woken)
    for k in itertools.count(1):
        try:
            with connection.execute_wrapper(Trip(k)):
                act(f"try-{newest()}-{k}")
        except Broken:
            assert changed(before, photograph()) == {}, k
            assert woken == told, k
            continue
        assert k > 12  # handing in, the shortest, sends that many
        assert changed(before, photograph())
        return


@pytest.mark.promise("N1")
@pytest.mark.promise("C1")
def test_a_broker_that_is_away_undoes_no_answer_of_the_bank(
    transactional_db: None, moment: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is in, its queued commands are rows; the beat finds them. Seen red with a plain delay_on_commit."""

    def away(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("connection refused")

    for task in (deliver_message, make_paper, run_queued):
        monkeypatch.setattr(task, "apply_async", away)
    office = Office(moment)
    walk.dossier(office)
    case = walk.go(office, walk.living_case(office), walk.LIVING)
    walk.settle(office, case)
    assert office.state(case) == "settled"
    assert invariants(office.now) == []
