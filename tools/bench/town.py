"""The people, the offices and the programme that are measured with: small, and as real as those of a city."""
import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from casework.access.actor import Actor
from casework.access.duties import actor_of
from casework.access.models import RoleAssignment, User
from casework.core.calendar import local_date
from casework.core.identifiers import id_check
from casework.organisations import tree
from casework.organisations.models import Level, Organisation
from casework.people import persons
from casework.people.models import Person
from casework.programmes.loader import build, frozen, hash_of
from casework.programmes.models import ProgrammeVersion

# Each of three people makes two transitions.
ROUTE = (
    ("accept", "accept", "unit_handler@grassroots", "submitted", "handler"),
    ("unit_check", "check", "unit_handler@grassroots", "accepted", "handler"),
    ("county_check", "check", "reviewer@county", "accepted", "reviewer"),
    ("review", "review", "reviewer@county", "accepted", "reviewer"),
    ("approve", "approve", "approver@county", "accepted", "approver"),
    ("last_check", "check", "approver@county", "accepted", "approver"),
)
STAFF = {"handler": ("unit_handler", "union"), "reviewer": ("reviewer", "county"), "approver": ("approver", "county")}


def _words(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def _item(key: str, kind: str, zh: str, en: str) -> dict[str, Any]:
    return {"key": key, "kind": kind, "title": _words(zh, en), "required": True}


def content() -> dict[str, Any]:
    """The programme: a form with a sealed field, six steps, one exclusive duty for each of three people."""
    items = [
        _item("union", "union", "工会", "Union"), _item("id_no", "resident_id", "身份证号", "ID number"),
        _item("name", "person_name", "姓名", "Name"), _item("reason", "longtext", "申请理由", "Reason"),
    ]
    group = {"key": "request", "title": _words("申请", "Request"), "items": items}
    route: dict[str, dict[str, Any]] = {"submitted": {}, "accepted": {}}
    for key, kind, by, standing, _who in ROUTE:
        route[standing][key] = {"kind": kind, "by": by, "limit": "3wd", "title": _words("办理", key)}
    words = _words("测量", "Measured")
    programme = {
        "key": "measured", "version": 1, "title": words, "summary": words, "papers": {}, "route": route,
        "total": {"limit": "20wd", "promise": "15wd"},
    }
    return {"programme": programme, "form": {"pages": [{"key": "request", "title": words, "groups": [group]}]}}


def person_of(user: User) -> Person:
    """The person of a login; each of the town has one."""
    assert user.person is not None
    return user.person


@dataclass
class Town:
    """now: the moment of all measuring. users: logins by name."""

    now: datetime
    orgs: dict[str, Organisation] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    serial: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    version: ProgrammeVersion = field(init=False)

    def __post_init__(self) -> None:
        city = tree.make("测量市总工会", Level.CITY, None, region="611000")
        county = tree.make("测量区总工会", Level.COUNTY, city, region="611002", short_name="测工")
        town = tree.make("测量街道工会", Level.TOWN, county, region="611002")
        self.orgs = {"county": county, "union": tree.make("测量厂工会", Level.GRASSROOTS, town, region="611002")}
        for name, (role, place) in STAFF.items():
            RoleAssignment.objects.create(
                user=self._login(name), role=role, organisation=self.orgs[place],
                valid_from=self.now - timedelta(days=30),
            )
        data = content()
        build(data)
        self.version = ProgrammeVersion.objects.create(
            key="measured", version=1, content=frozen(data), content_hash=hash_of(data), published_at=self.now,
            effective_from=local_date(self.now),
        )

    def _login(self, name: str) -> User:
        n = next(self.serial)
        body = f"611002198001{1 + n // 1000 % 28:02d}{n % 1000:03d}"
        person = persons.find_or_make(body + id_check(body), "测量人", "", now=self.now)
        user = User(username=f"{name}-{n}", first_name="测量人", person=person)
        user.set_unusable_password()
        user.save()
        self.users[name] = user
        return user

    def applicants(self, many: int) -> list[User]:
        """So many people who never applied before."""
        return [self._login("applicant") for _n in range(many)]

    def answers(self, user: User) -> dict[str, Any]:
        """What such a person fills in."""
        return {
            "union": str(self.orgs["union"].public_id), "id_no": persons.plain_for_system(person_of(user), "id_no"),
            "name": "测量人", "reason": "家庭收入低,医疗支出大,申请帮助。",
        }

    def actor(self, name: str) -> Actor:
        """An officer with his rights read afresh, as each request does."""
        return actor_of(self.users[name], self.now)
