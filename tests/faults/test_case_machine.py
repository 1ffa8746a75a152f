"""CaseMachine (promises S4, R4): random people try random actions while clocks jump, requests come twice and
transactions die; the engine must do exactly what the plain reference model of both routes says.

Checked by hand: with the separation of duties taken out of moves.hands, with the assignee check taken out of
moves.authority, or with one phase widened, the machine turns red within seconds.

300 runs of 50 steps took 58 s of CPU on SQLite, 78 s on PostgreSQL."""

import datetime as dt
import os
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from casework.access.models import User
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.oversight.invariants import invariants
from casework.workflows.models import Task, Timer
from tests import walk
from tests.faults.model import ROUTES, STEPS, Modelled
from tests.office import STAFF, Office

RUNS = 20_000 if os.environ.get("CASEWORK_SIZE") == "L" else int(os.environ.get("RUNS", "300"))
# They hold a role of the routes, but at an office that no step of these cases comes to: nothing is theirs to do.
ELSEWHERE = {"far_reviewer", "town_handler", "town_chair", "city_approver"}
# The applicant of each way: whoever has a dossier does not ask for another.
APPLICANTS = {"hardship_dossier": "newcomer", "living_aid": "worker"}
ROLES: dict[str, set[str]] = {
    name: set() if name in ELSEWHERE else {role} for name, (role, _place) in STAFF.items()
} | {name: set() for name in APPLICANTS.values()}
ACTIONS = sorted({f"{step}.{what}" for step, whats in STEPS.items() for what in [*whats, "take", "release"]})
# The dossier is checked yearly; a run ends before that.
LONGEST = dt.timedelta(days=200)
RIGHT = st.integers(0, 9).map(lambda n: n < 7)

# State, open step, phase and holder, in one plain statement: it is asked after each of the many steps.
CASE, TASK, USER = (model._meta.db_table for model in (Case, Task, User))
STANDS = f"""SELECT c.state, t.step, t.phase, u.username FROM {CASE} c LEFT JOIN {TASK} t
    ON t.case_id = c.id AND t.state = 'open' LEFT JOIN {USER} u ON u.id = t.assignee_id WHERE c.id = %s"""


class Crash(Exception):
    """The process dies before it commits."""


class CaseMachine(RuleBasedStateMachine):
    """One case from its submission to wherever chance leads it."""

    office: Office
    started: dt.datetime

    def __init__(self) -> None:
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()
        self.office.now = self.started
        self.last: tuple[str, str, dict[str, Any], int] | None = None
        self.clicks = 0

    def teardown(self) -> None:
        """Check the whole house once more, then forget the run."""
        try:
            assert invariants(self.office.now) == []
        finally:
            transaction.set_rollback(True)
            self.frame.__exit__(None, None, None)

    @initialize(key=st.sampled_from(sorted(ROUTES)))
    def submit(self, key: str) -> None:
        """A worker hands an application in."""
        make, who = walk.dossier_case if key == "hardship_dossier" else walk.living_case, APPLICANTS[key]
        self.case: Case = make(self.office, who)
        self.roles = ROLES | {who: {"applicant"}}
        self.model = Modelled(key)

    def _likely(self, data: st.DataObject) -> tuple[str, str]:
        """Mostly what fits the open step, so that runs get somewhere; else anything by anybody."""
        if self.model.step and data.draw(RIGHT):
            step = self.model.step
            whats = [what for what, (phases, _n) in STEPS[step].items() if self.model.phase in phases]
            action = f"{step}.{data.draw(st.sampled_from(sorted([*whats, 'take', 'release'])))}"
            role = ROUTES[self.model.key][step][1]
            return action, data.draw(st.sampled_from(sorted(n for n, roles in self.roles.items() if role in roles)))
        actions = [*ACTIONS, "withdraw", "supplement"]
        return data.draw(st.sampled_from(actions)), data.draw(st.sampled_from(sorted(self.roles)))

    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        """Somebody clicks."""
        action, who = self._likely(data)
        to = data.draw(st.sampled_from(self.model.earlier() or ["visit"])) if action.endswith(".return") else ""
        answers = self._answers(action, who, to)
        allowed = self.model.allows(action, who, self.roles[who], to)
        self.clicks += 1
        before = self._n()
        try:
            self.office.do(self.case, action, who, f"machine-{self.clicks}", before, **answers)
        except Refused as refusal:
            assert not allowed, f"{who} {action}: {refusal}"
            assert self._n() == before
            return
        assert allowed, f"{who} did {action} at {self.model}"
        self.model.do(action, who, to)
        self.last = (action, who, answers, self.clicks)

    @rule()
    def again(self) -> None:
        """The same click arrives a second time."""
        if self.last is None:
            return
        action, who, answers, click = self.last
        before = self._n()
        try:
            self.office.do(self.case, action, who, f"machine-{click}", before, **answers)
        except Refused as refusal:
            raise AssertionError("a repeat must be answered with its first event") from refusal
        assert self._n() == before

    @rule(data=st.data())
    def crash(self, data: st.DataObject) -> None:
        """The process dies after the work and before the commit."""
        action, who = self._likely(data)
        to = (self.model.earlier() or ["visit"])[0]
        try:
            with transaction.atomic():
                seen = self._n()
                self.office.do(self.case, action, who, f"crash-{seen}", seen, **self._answers(action, who, to))
                raise Crash
        except (Refused, Crash):
            pass

    @rule(hours=st.sampled_from([1, 20, 70, 200, 900]))
    def jump(self, hours: int) -> None:
        """Time passes; every timer that falls due fires in its order."""
        if self.office.now > self.started + LONGEST:
            return
        until = self.office.now + dt.timedelta(hours=hours)
        while (
            timer := Timer.objects.filter(state="set", due_at__lte=until).order_by("due_at", "id").first()
        ) is not None:
            self.office.now = max(timer.due_at, self.office.now)
            self.office.tick()
            for action in Timer.objects.filter(pk=timer.pk, state="fired").values_list("action", flat=True):
                self.model.fired(action)
        self.office.now = until

    @invariant()
    def agrees(self) -> None:
        """State, open step, phase and holder are the model's."""
        if not hasattr(self, "model"):
            return
        model = self.model
        with connection.cursor() as cursor:
            cursor.execute(STANDS, [self.case.pk])
            found = cursor.fetchall()
        wanted = (model.step, model.phase, model.assignee or None) if model.step else (None, None, None)
        assert found == [(model.state, *wanted)]

    def _n(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT event_n FROM {CASE} WHERE id = %s", [self.case.pk])
            return int(cursor.fetchone()[0])

    def _answers(self, action: str, who: str, to: str) -> dict[str, Any]:
        office = self.office
        if action.endswith(".return"):
            return {"to": to, "opinion": "请补充后再报"}
        if action.endswith((".take", ".release")):
            return {}
        if action.endswith(".one_time_notice"):
            return {"items": [walk.ITEMS[0] | {"item": "income_proof"}]}
        if action == "review.ask_papers":
            return {"items": [walk.ITEMS[0] | {"item": "income_proof", "own_step": True}]}
        if action == "approve.pass" and self.model.key == "living_aid":
            return {"amount": office.fresh(self.case).facts.get("award_fen") or 1}
        makes_files = {
            "visit.record": ("photos", "photos", "signature"),
            "supplement": ("income_proof",),
            "unit_notice.confirm": walk.BOARD,
            "county_notice.confirm": walk.BOARD,
        }
        files: dict[str, Any] = {}
        for key in makes_files.get(action, ()):
            files.setdefault(key, []).append(office.upload(who, key))
        return {**walk.ANSWERS.get(action, {}), **files}


@pytest.mark.django_db
@pytest.mark.promise("S4")
@pytest.mark.promise("R4")
def test_the_engine_does_what_the_reference_model_says(moment: dt.datetime) -> None:
    office = Office(moment)
    office.make_fund("living", 10_000_000_00, until=office.now.date() + 2 * LONGEST)
    walk.dossier(office, APPLICANTS["living_aid"])
    walk.member(office, APPLICANTS["hardship_dossier"])
    CaseMachine.office, CaseMachine.started = office, office.now
    run_state_machine_as_test(
        CaseMachine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=50,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
