"""A small union federation for tests: a tree, one person for each role, funds, both programmes, and short words for
acting through the door."""

import datetime as dt
import io
import itertools
from typing import Any

from PIL import Image

from casework.access.actor import SYSTEM, Actor
from casework.access.duties import actor_of, stamp_of
from casework.access.models import RoleAssignment, User
from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.compiled import Compiled
from casework.documents import store
from casework.documents.models import Document
from casework.funds import ledger
from casework.funds.models import Fund
from casework.organisations import tree
from casework.organisations.models import Level, Organisation
from casework.people import persons
from casework.people.models import Person
from casework.programmes import versions
from casework.programmes.models import Parameter, ProgrammeVersion
from casework.workflows import intake, timers
from casework.workflows.campaigns import tending
from casework.workflows.commands import Command, Via
from casework.workflows.door import perform
from casework.workflows.models import Task
from tests import ready

_clicks = itertools.count()
A_NUMBER = -10_000_000_001  # stands for a key where a statement is written
# Asked tens of thousands of times in a run: the SQL is written once.
CASE = Compiled(
    lambda pk: Case.objects.select_related("applicant", "organisation", "county", "programme").filter(pk=pk), A_NUMBER
)
USER = Compiled(lambda pk: User.objects.filter(pk=pk), A_NUMBER)
PLAIN = Compiled(lambda pk: Case.objects.filter(pk=pk), A_NUMBER)
OPEN = Compiled(lambda pk: Task.objects.filter(case_id=pk, state="open").order_by("id"), A_NUMBER)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

# Where several hold a role, the last of them stands for it.
STAFF = {
    "town_handler": ("unit_handler", "town"),
    "town_chair": ("unit_chair", "town"),
    "clerk": ("window_clerk", "county"),
    "city_approver": ("approver", "city"),
    "province_approver": ("province_approver", "province"),
    "handler": ("unit_handler", "union"),
    "chair": ("unit_chair", "union"),
    "visitor_1": ("investigator", "union"),
    "visitor_2": ("investigator", "union"),
    "organiser": ("organiser", "town"),
    "officer": ("case_officer", "county"),
    "reviewer": ("reviewer", "county"),
    "reviewer_2": ("reviewer", "county"),
    "approver": ("approver", "county"),
    "approver_2": ("approver", "county"),
    "publicity": ("publicity_officer", "county"),
    "finance": ("finance_officer", "county"),
    "cashier": ("cashier", "county"),
    "cashier_2": ("cashier", "county"),
    "auditor": ("auditor", "city"),
    "supervisor": ("supervisor", "county"),
    "admin": ("admin", "city"),
    "far_reviewer": ("reviewer", "other_county"),
}
# Hired where a story needs them, so that each role of STAFF stands at one place.
ENQUIRY_STAFF = {
    "agent": ("hotline_agent", "city"),
    "petitions": ("petition_officer", "county"),
    "city_petitions": ("petition_officer", "city"),
    "legal": ("legal_officer", "county"),
    "lawyer": ("lawyer", "county"),
    "lawyer_2": ("lawyer", "county"),
}
CAMPAIGN_STAFF = {
    "city_officer": ("case_officer", "city"),
    "city_publicity": ("publicity_officer", "city"),
    "city_reviewer": ("reviewer", "city"),
    "assessor_1": ("assessor", "county"),
    "assessor_2": ("assessor", "county"),
    "assessor_3": ("assessor", "county"),
}


def id_number(serial: int, born: str = "19800101", place: str = "611002") -> str:
    """A synthetic resident ID with a right check digit."""
    body = f"{place}{born}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def picture(shade: int = 0) -> bytes:
    """A small real JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade % 256, 90, 120)).save(out, "JPEG", comment=str(shade).encode())
    return out.getvalue()


class Office:
    """The federation. now: the moment every action happens at; move it with `at`."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.orgs: dict[str, Organisation] = {}
        self.users: dict[str, User] = {}
        self._serial = itertools.count(1)
        self.__dict__.update(ready.once(("office", now), self._furnish))

    def _furnish(self) -> dict[str, Any]:
        """Build the tree, hire everybody, publish every programme; return what came of it."""
        self._build_tree()
        for name, (role, place) in STAFF.items():
            self.hire(name, role, place)
        self._publish()
        self.fund = self.make_fund("living", 10_000_000_00)
        return {name: getattr(self, name) for name in ("orgs", "users", "_serial", "versions", "fund")}

    def _build_tree(self) -> None:
        make = tree.make
        self.orgs["province"] = make("陕西省总工会", Level.PROVINCE, None, region="610000")
        self.orgs["city"] = make("商洛市总工会", Level.CITY, self.orgs["province"], region="611000")
        self.orgs["county"] = make("商州区总工会", Level.COUNTY, self.orgs["city"], region="611002")
        self.orgs["other_county"] = make("柞水县总工会", Level.COUNTY, self.orgs["city"], region="611026")
        self.orgs["town"] = make("城关街道工会", Level.TOWN, self.orgs["county"], region="611002")
        self.orgs["union"] = make("秦岭纺织厂工会", Level.GRASSROOTS, self.orgs["town"], region="611002")
        self.orgs["other_union"] = make("丹江机械厂工会", Level.GRASSROOTS, self.orgs["town"], region="611002")

    def person(self, name: str, id_no: str | None = None) -> Person:
        """A new person with a number of his own."""
        return persons.find_or_make(id_no or id_number(next(self._serial)), name, "13900001234", now=self.now)

    def user(self, name: str, person: Person) -> User:
        """A login of a person."""
        user = User(username=name, first_name=person.name, person=person, is_active=True)
        user.set_unusable_password()
        user.save()
        self.users[name] = user
        return user

    def hire(self, name: str, role: str, place: str, person: Person | None = None) -> User:
        """A login with a role at a place of the tree, which keeps it from then on."""
        user = self.users.get(name) or self.user(name, person or self.person(f"职员{name}"))
        if user.office is None:
            user.office = self.orgs[place]
            user.save(update_fields=["office"])
        RoleAssignment.objects.create(
            user=user, role=role, organisation=self.orgs[place], valid_from=self.now - dt.timedelta(days=3000)
        )
        return user

    def with_campaigns(self) -> "Office":
        """The people who plan, judge and post campaigns, and a fund for condolences."""
        for name, (role, place) in CAMPAIGN_STAFF.items():
            self.hire(name, role, place)
        self.condolence_fund = self.make_fund("condolence", 10_000_000_00)
        return self

    def _publish(self) -> None:
        from casework.demo import programmes as demo_programmes

        demo_programmes.load(self.now)
        self.versions = {key: versions.current(key, self.now.date()) for key in demo_programmes.KEYS}

    def version(self, key: str) -> ProgrammeVersion:
        """The published version of a programme."""
        return self.versions[key]

    def make_fund(self, purpose: str, fen: int, year: int | None = None, until: dt.date | None = None) -> Fund:
        """A fund of the county with money in it."""
        year = year or self.now.year
        stamp = stamp_of(SYSTEM, None, "online")
        fund = ledger.open_fund(
            f"{purpose} {next(_clicks)}",
            self.orgs["county"],
            "市级财政专项",
            [purpose],
            year,
            until or dt.date(year, 12, 31),
            stamp,
            self.now,
        )
        ledger.receive(fund, fen, stamp, self.now, "")
        return fund

    def set_line(self, fen: int, day: dt.date, region: str = "611002") -> None:
        """Publish another subsistence line from a day on."""
        Parameter.objects.create(
            key="subsistence_line", region=region, effective_from=day, value=fen, source="test"
        )

    # Acting

    def at(self, day: str, time: str = "10:00") -> "Office":
        """Go to a local day and time."""
        self.now = dt.datetime.fromisoformat(f"{day}T{time}:00+08:00").astimezone(dt.UTC)
        return self

    def actor(self, name: str) -> Actor:
        """The person as the engine sees him now, read afresh."""
        return actor_of(USER.rows(self.users[name].pk)[0], self.now)

    def upload(self, who: str, kind: str, shade: int = 0) -> str:
        """A real file of this person; returns its public id."""
        document = store.keep(
            picture(shade + next(_clicks)), kind, f"{kind}.jpg", "image/jpeg", self.now, owner=self.users[who]
        )
        return str(document.public_id)

    def do(self, case: Case, action: str, who: str, key: str = "", seen: int | None = None, **answers: Any) -> Event:
        """One click of one person on what he sees now."""
        seen = PLAIN.rows(case.pk)[0].event_n if seen is None else seen
        return perform(
            Command(case.pk, action, self.actor(who), seen, key or f"click-{next(_clicks)}", answers, Via.ONLINE),
            self.now,
        )

    def fresh(self, case: Case) -> Case:
        """The case as it stands."""
        return CASE.rows(case.pk)[0]

    def state(self, case: Case) -> str:
        """The standing of the case."""
        return str(PLAIN.rows(case.pk)[0].state)

    def task(self, case: Case, step: str) -> Task:
        """The open task of a step."""
        return Task.objects.get(case=case, step=step, state="open")

    def steps(self, case: Case) -> list[str]:
        """The steps that are open."""
        return [task.step for task in self.tasks(case)]

    def tasks(self, case: Case) -> list[Task]:
        """The tasks that are open."""
        return OPEN.rows(case.pk)

    def tick(self) -> int:
        """Let the timers and queued commands of this moment run."""
        return timers.fire_due(self.now) + tending.tend(self.now) + timers.run_queued(self.now)

    def apply(self, who: str, key: str, answers: dict[str, Any], token: str = "") -> Case:
        """Hand an application in."""
        case, _event = intake.open_case(
            self.version(key), answers, self.actor(who), token or f"token-{next(_clicks)}", self.now
        )
        return Case.objects.get(pk=case.pk)

    def documents(self, case: Case) -> list[Document]:
        """The files of a case."""
        return list(case.documents.order_by("id"))
