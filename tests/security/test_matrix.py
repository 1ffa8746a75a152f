"""Default deny (promise R1): every role at every place of every route, against the tables that people reviewed
(docs/reference/permissions), through the read twin and through the door.

The rights are found out by bringing a case to each place; a table that says something else is red, with the difference.
Then everybody tries at the door what the table says he may, and what it says he may not. A duty more never takes a
right away: so all others together, in one login, try every action; each role by itself tries one in every standing.

Seen red with the level, or the place, taken out of duty_for(); with one role more in it, at one step; with every case
in scope, or every case for every office; with the administrator among those who read; without the door's check of
authority; with everybody taken for the applicant."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from casework.access.actor import Actor
from casework.cases.models import Case
from casework.cases.queries import visible
from casework.core.problems import Refused
from casework.programmes.loader import load_catalogue
from casework.workflows import applicant, guards, moves
from casework.workflows.commands import Command
from casework.workflows.door import perform
from casework.workflows.kinds import KINDS
from casework.workflows.models import Task
from tests.conftest import SHANGHAI, on_postgres
from tests.engine import walker
from tests.security.cast import LEVELS, ROLES, Cast, holder, staged
from tests.security.permission_table import FOLDER, difference, path_of, written
from tests.security.surveyor import APPLICANT, Found, Surveyor, desk_roles, level_of, survey

pytestmark = [pytest.mark.django_db, pytest.mark.promise("R1")]

MORNING = dt.datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI).astimezone(dt.UTC)
LET_IN, NOT_YOURS, NOT_THERE, MOVED_ON = 422, 403, 404, 409
# An answer that no form asks for: whoever is let in is told so, and nothing is done.
STRANGE = {"no_such_question": 1}
MEND = "If this is meant: `make rights ARGS={key}`, and have the change of the table reviewed."


def catalogue() -> list[str]:
    """Every service. What is true of a right on one engine is true on the other but for the queries of scope: on
    PostgreSQL one service of each life cycle is enough."""
    services = load_catalogue()
    first = {services[key].life: key for key in sorted(services, reverse=True)}
    return sorted(first.values() if on_postgres() else services)


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The federation with everybody in it; what a test does there is forgotten after it."""
    with django_db_blocker.unblock(), staged(MORNING) as everybody:
        yield everybody


class Tries:
    """Everybody at the door, at each spot that the surveyor finds. wrong: what was answered otherwise than it ought."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.wrong, self.tried = cast, list[str](), Counter[int]()
        self.standings, self.kinds = set[str](), set[str]()

    def __call__(self, surveyor: Surveyor, case: Case, task: Task | None, found: Found) -> None:
        """Nothing that is tried here changes the case."""
        self.now, self.case, self.where = surveyor.office.now, case, f"{case.state} {task.step if task else ''}"
        before = case.event_n
        self.together(found)
        self.the_applicant(found)
        self.those_who_may(surveyor.named(case, task), found)
        if case.state not in self.standings:
            self.standings.add(case.state)
            if task:
                self.one_by_one(task, found)
            self.what_is_not_offered(surveyor)
        take = found.cells.get(f"{task.step}.take") if task else None
        if task and task.kind not in self.kinds and take and holder(task.role, task.level) in take.who:
            self.kinds.add(task.kind)
            self.who_took_it(surveyor, task)
        assert surveyor.office.fresh(case).event_n == before

    def attempt(self, actor: Actor, action: str, who: str, wanted: int) -> None:
        """One attempt at the door, and what is answered."""
        command = Command(self.case.pk, action, actor, self.case.event_n, f"try-{self.tried.total()}", STRANGE)
        with walker.undone(self.cast.office):
            try:
                perform(command, self.now)
                status = LET_IN  # a choice that reads its answers itself
            except Refused as refusal:
                status = refusal.status
        self.tried[wanted] += 1
        if status != wanted:
            self.wrong.append(f"{self.where}: {who} {action}: {status}, not {wanted}")

    def together(self, found: Found) -> None:
        """Whoever is not named: the whole branch of the case and all neighbours in one; then those who see none."""
        for action, cell in found.cells.items():
            self.attempt(self.cast.all_but(cell.who), action, "all others together", NOT_YOURS)
            self.attempt(self.cast.stranger, action, "stranger", NOT_THERE)

    def the_applicant(self, found: Found) -> None:
        """What is his, and what is the desk's."""
        person = self.cast.applicant(self.case)
        for action, cell in found.cells.items():
            self.attempt(person, action, APPLICANT, LET_IN if APPLICANT in cell.who else NOT_YOURS)

    def those_who_may(self, named: dict[str, Actor], found: Found) -> None:
        """Each who is named is let in, as far as to his answers."""
        people = self.cast.own | named
        for action, cell in found.cells.items():
            for who in cell.who & set(people):
                self.attempt(people[who], action, who, LET_IN)

    def one_by_one(self, task: Task, found: Found) -> None:
        """Each role by itself, at the level of the desk; the roles of the desk at every other level too. Who sees no
        case learns nothing, neither at the door nor in his lists."""
        level, actions = level_of(self.case, task), [action for action in found.cells if "." in action]
        for number, role in enumerate(ROLES):
            who, action = holder(role, level), actions[number % len(actions)]
            refused = NOT_YOURS if role in found.sees else NOT_THERE
            self.attempt(self.cast.own[who], action, who, LET_IN if who in found.cells[action].who else refused)
            if self.listed(self.cast.own[who]) != (role in found.sees):
                self.wrong.append(f"{self.where}: {who}: his list and the table do not agree on whether he sees it")
        for role in desk_roles(task):
            for other in set(LEVELS) - {level}:
                actor = self.cast.own[holder(role, other)]
                refused = NOT_YOURS if self.listed(actor) else NOT_THERE
                self.attempt(actor, actions[0], holder(role, other), refused)
        self.attempt(self.cast.nobody, actions[0], "nobody", NOT_THERE)

    def listed(self, actor: Actor) -> bool:
        """Does the case stand in this actor's lists?"""
        rows = visible(actor, guards.READING_ROLES, guards.by_task(actor))
        return bool(rows.filter(pk=self.case.pk).exists())

    def what_is_not_offered(self, surveyor: Surveyor) -> None:
        """Steps that are not open, and what the standing does not offer the applicant: not even for who holds every
        role; and for a neighbour there is no case."""
        opened, person = set(surveyor.office.steps(self.case)), self.cast.applicant(self.case)
        for step in surveyor.programme.steps():
            if step.key not in opened:
                self.attempt(self.cast.everyone, f"{step.key}.{KINDS[step.kind].choices[0].key}", "everyone", MOVED_ON)
        for choice in applicant.CHOICES:
            if not applicant.offered(choice, self.case):
                self.attempt(person, choice.key, APPLICANT, MOVED_ON)
        self.attempt(self.cast.stranger, "withdraw", "stranger", NOT_THERE)

    def who_took_it(self, surveyor: Surveyor, task: Task) -> None:
        """He may give it back; his colleague leaves it alone."""
        office, role = surveyor.office, task.role
        taker, colleague = self.cast.own[holder(role, task.level)], self.cast.colleague(role, task.level)
        with walker.undone(office):
            take = Command(self.case.pk, f"{task.step}.take", taker, self.case.event_n, "taken")
            perform(take, self.now)
            self.case = office.fresh(self.case)
            shown = {move.action for move in moves.available(self.case, taker, self.now)}
            assert f"{task.step}.release" in shown and f"{task.step}.take" not in shown
            for choice in moves.choices_of(office.task(self.case, task.step)):
                if choice.when(office.task(self.case, task.step)) and not choice.role:
                    self.attempt(colleague, f"{task.step}.{choice.key}", "colleague", NOT_YOURS)
            others = moves.available(self.case, colleague, self.now)
            assert not [move for move in others if move.action in shown]
        self.case = office.fresh(self.case)


@pytest.mark.parametrize("key", catalogue())
def test_everybody_may_do_what_the_table_says_and_nothing_else(cast: Cast, key: str) -> None:
    tries = Tries(cast)
    found = survey(cast, key, tries)
    programme = load_catalogue()[key]
    changed = difference(key, written(programme, found))
    assert not changed, f"Somebody may more or less than the table says.\n{changed}\n{MEND.format(key=key)}"
    assert not tries.wrong, "\n".join(tries.wrong)
    assert {spot.step for spot in found if spot.step} == {step.key for step in programme.steps()}
    assert all(tries.tried[status] for status in (LET_IN, NOT_YOURS, NOT_THERE, MOVED_ON))


def test_every_choice_of_every_step_stands_in_a_table() -> None:
    """Whatever people can decide at a step was found at some place of it. Seen red with a row taken out."""
    for key, programme in load_catalogue().items():
        lines = path_of(key).read_text(encoding="utf-8").splitlines()
        cells = [[cell.strip() for cell in line.split("|")] for line in lines if line.count("|") == 6]
        stand = {(row[2], row[4]) for row in cells}
        offered = {s.key: KINDS[s.kind].of_life(programme.life) for s in programme.steps()}
        choices = {(step, c.key) for step, several in offered.items() for c in several if c.side != "system"}
        assert choices <= stand, f"{key}: {sorted(choices - stand)}. {MEND.format(key=key)}"


def test_there_is_a_table_for_each_service_and_no_other() -> None:
    names = {path.stem for path in FOLDER.glob("*.md")}
    assert names == set(load_catalogue()), "write them with `make rights`"


def test_the_command_prints_the_reviewed_table(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("permission_matrix", "living_aid")
    assert capsys.readouterr().out.strip() == path_of("living_aid").read_text(encoding="utf-8").strip()
    call_command("permission_matrix")
    assert capsys.readouterr().out.count("who may do what") == len(load_catalogue())
    with pytest.raises(CommandError, match="living_aid"):
        call_command("permission_matrix", "no_such_service")
