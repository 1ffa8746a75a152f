"""Pairs of versions for tests: what may change between two versions of one programme, and the plan that fits it."""
import copy
import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from casework.cases.models import Case
from casework.programmes import versions
from casework.programmes.loader import build
from casework.programmes.models import ProgrammeVersion
from casework.workflows.migrating import plans, work
from casework.workflows.models import MigrationPlan, MigrationRow
from tests import walk
from tests.office import Office
from tests.papers.conftest import STAMP

Content = dict[str, Any]


class Next:
    """The next version of a programme while a test changes it, with the mapping that belongs to the changes."""

    def __init__(self, content: Content) -> None:
        self.content = copy.deepcopy(content)
        self.steps: dict[str, str] = {}
        self.fields: dict[str, str] = {}

    @property
    def route(self) -> dict[str, dict[str, Any]]:
        """The route of the new version."""
        found: dict[str, dict[str, Any]] = self.content["programme"]["route"]
        return found

    def group_of(self, key: str) -> str:
        """The standing a step stands in, "" when it is gone."""
        return next((group for group, steps in self.route.items() if key in steps), "")

    def rename(self, key: str, new: str) -> None:
        """A step is called otherwise."""
        group = self.group_of(key)
        if group and not self.group_of(new):
            self.route[group] = {new if name == key else name: step for name, step in self.route[group].items()}
            self.steps[key] = new

    def insert(self, before: str, kind: str = "check", by: str = "organiser@town", key: str = "town_look") -> None:
        """A new step comes before another."""
        group = self.group_of(before)
        step = {"kind": kind, "by": by, "limit": "3wd", "title": {"zh": "补充核对", "en": "Another look"}}
        if group and not self.group_of(key):
            self.route[group] = dict(
                pair for name, old in self.route[group].items()
                for pair in (((key, step),) if name == before else ()) + ((name, old),)
            )

    def remove(self, key: str) -> None:
        """A step is gone."""
        if group := self.group_of(key):
            del self.route[group][key]
            self.steps.pop(key, None)

    def change(self, key: str, **values: Any) -> None:
        """Other values of a step."""
        if group := self.group_of(key):
            self.route[group][key] = {**self.route[group][key], **values}

    def limits(self, limit: int, promise: int) -> None:
        """Other limits of the whole case."""
        self.content["programme"]["total"] = {"limit": f"{limit}wd", "promise": f"{promise}wd"}

    def items(self) -> list[list[dict[str, Any]]]:
        """The lists of questions of the form."""
        return [group["items"] for page in self.content["form"]["pages"] for group in page["groups"]]

    def rename_field(self, key: str, new: str) -> None:
        """A question gets another key, unless another question has that one: such a form is no form."""
        if any(item.get("key") == new for rows in self.items() for item in rows):
            return
        for rows in self.items():
            for item in rows:
                if item.get("key") == key:
                    item["key"] = new
                    self.fields[key] = new

    def remove_field(self, key: str) -> None:
        """A question is gone."""
        for rows in self.items():
            rows[:] = [item for item in rows if item.get("key") != key]
        self.fields.pop(key, None)

    def add_field(self, key: str = "why_now") -> None:
        """A new question that has to be answered."""
        item = {"key": key, "kind": "text", "required": True, "title": {"zh": "为何此时", "en": "Why now"}}
        self.items()[0].append(item)

    def publish(self, office: Office) -> ProgrammeVersion:
        """Freeze it as the next version."""
        build(self.content)
        key = self.content["programme"]["key"]
        return versions.freeze(key, self.content, office.now, office.now.date(), STAMP)


def work_all(plan: MigrationPlan, now: dt.datetime, chunk: int = 2) -> MigrationPlan:
    """Work a plan off in small chunks, each read afresh as a worker does."""
    while work.work_off(plans.get(plan.public_id), now, chunk):
        pass
    return plans.get(plan.public_id)


def tried(office: Office, source: ProgrammeVersion, new: Next, numbers: tuple[str, ...] = ()) -> MigrationPlan:
    """A plan whose trial is over."""
    target = new.publish(office)
    plan = plans.make(source, target, new.steps, new.fields, office.actor("policy"), office.now, numbers)
    return work_all(plans.try_out(plan, office.actor("policy"), office.now), office.now)


def carried_out(office: Office, plan: MigrationPlan) -> MigrationPlan:
    """The same plan, signed by two and done."""
    for who in ("policy", "policy_2"):
        plan = plans.sign(plan, office.actor(who), office.now)
    return work_all(plans.start(plan, office.actor("policy"), office.now), office.now)


def undone(office: Office, plan: MigrationPlan) -> MigrationPlan:
    """The same plan, undone."""
    return work_all(plans.undo(plan, office.actor("policy_2"), office.now), office.now)


def content(office: Office, key: str = "living_aid") -> dict[str, Any]:
    """The content of the version in force."""
    found: dict[str, Any] = json.loads(office.version(key).content["text"])
    return found


def living_at(office: Office, place: str, who: str = "worker") -> Case:
    """A case of living aid at a step."""
    walk.dossier(office, who, members=0, income=1_500_000)
    return walk.go(office, walk.living_case(office, who, amount=700_000), walk.LIVING, until=place)


def spread(office: Office, places: Sequence[str]) -> list[Case]:
    """Cases of as many workers, one at each of the places. Their dossiers are made in the same weeks."""
    start = end = office.now
    for n in range(len(places)):
        office.now = start
        walk.dossier(office, f"worker_{n}", members=0, income=1_500_000)
        end = max(end, office.now)
    office.now = end
    made = [walk.living_case(office, f"worker_{n}", amount=700_000) for n in range(len(places))]
    return [walk.go(office, case, walk.LIVING, until=place) for case, place in zip(made, places, strict=True)]


def move(office: Office, new: Next, key: str = "living_aid") -> MigrationPlan:
    """The whole way of a plan."""
    return carried_out(office, tried(office, office.version(key), new))


def row_of(case: Case) -> MigrationRow:
    """The case's row of the last plan."""
    return MigrationRow.objects.filter(case=case).latest("id")


def codes(case: Case) -> list[str]:
    """Why the case could not go."""
    return [problem["code"] for problem in row_of(case).problems]
