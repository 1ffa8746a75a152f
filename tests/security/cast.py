"""Everybody the rights are tried with: one login for each role at each level of the case's own branch of the tree, one
that holds every role next door, and one without any duty."""

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.db import transaction

from casework.access.actor import Actor, Duty
from casework.access.models import Role, RoleAssignment
from casework.cases.models import Case
from casework.organisations import tree
from casework.organisations.models import Level, Organisation
from tests.engine.walker import PLACES
from tests.office import Office

# "reviewer@county": a role held at a level of the case's own branch.
Holder = str
ROLES = tuple(str(role) for role in Role.values if role != Role.APPLICANT)
LEVELS = tuple(str(level) for level in PLACES)


@dataclass
class Cast:
    """own: the holder of each role at each level, read once: no duty of theirs begins or ends meanwhile. everyone: one
    login with all those duties. stranger: one with every role at the neighbours of the case's union, town, county and
    city. nobody: logged in, no duty."""

    office: Office
    own: dict[Holder, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        branch = {level: self.office.orgs[PLACES[Level(level)]] for level in LEVELS}
        for level, node in branch.items():
            self.own |= {holder(role, level): self._hired(holder(role, level), [(role, node)]) for role in ROLES}
        self.neighbours = neighbours(self.office)
        self.everyone = self._hired("everyone", [(role, node) for node in branch.values() for role in ROLES])
        beside = [(role, node) for node in self.neighbours.values() for role in ROLES]
        self.stranger, self.nobody = self._hired("stranger", beside), self._hired("nobody", [])

    def _hired(self, name: str, held: list[tuple[str, Organisation]]) -> Actor:
        """A new person with these duties, read as the engine reads them."""
        user, since = self.office.user(name, self.office.person(name)), self.office.now - dt.timedelta(days=3000)
        RoleAssignment.objects.bulk_create(
            RoleAssignment(user=user, role=role, organisation=node, valid_from=since) for role, node in held
        )
        return self.office.actor(name)

    def all_but(self, holders: Collection[Holder]) -> Actor:
        """One person with every duty of the case's branch except these, and with all of the neighbours. A duty more
        never takes a right away, so what he may not, nobody may who holds only some of them."""
        own = tuple(duty for duty in self.everyone.duties if called(duty) not in holders)
        return replace(self.everyone, duties=own + self.stranger.duties)

    def next_door(self) -> dict[str, Actor]:
        """Each role at each neighbour, by itself; the person may see the case as an auditor."""
        each, sees = self.stranger.duties, self.own[holder(Role.AUDITOR, Level.PROVINCE)].duties
        return {f"{called(duty)} elsewhere": replace(self.stranger, duties=(duty, *sees)) for duty in each}

    def colleague(self, role: str, level: str) -> Actor:
        """Another person at the same desk."""
        return replace(self.everyone, duties=tuple(d for d in self.everyone.duties if called(d) == holder(role, level)))

    def applicant(self, case: Case) -> Actor:
        """The person of the case, in a login without any duty. Who acts for a union or an office stands in it while he
        holds a duty there: he is asked with one that no desk has."""
        if case.for_office:
            idle = self.own[holder(Role.DATA_PROTECTION_OFFICER, Level.CITY)].duties
            return replace(self.office.actor(case.filed_by.username), duties=idle)
        name = f"person {case.applicant_id}"
        if name not in self.office.users:
            self.office.user(name, case.applicant)
        return self.office.actor(name)


def holder(role: str, level: str) -> Holder:
    """How tables and messages call a role held at a level."""
    return f"{role}@{level}"


def is_of_cast(name: str) -> bool:
    """Is this the name of one of them? No other name of the federation holds an @."""
    return "@" in name or name in ("everyone", "stranger", "nobody")


def called(duty: Duty) -> Holder:
    """The same of a duty."""
    return holder(duty.role, duty.level)


def neighbours(office: Office) -> dict[str, Organisation]:
    """Level → the node beside the case's own, under the same parent; the province has none."""
    town = tree.make("大赵峪街道工会", Level.TOWN, office.orgs["county"], region="611002")
    city = tree.make("安康市总工会", Level.CITY, office.orgs["province"], region="610900")
    return {
        str(Level.GRASSROOTS): office.orgs["other_union"], str(Level.TOWN): town,
        str(Level.COUNTY): office.orgs["other_county"], str(Level.CITY): city,
    }


@contextmanager
def staged(now: dt.datetime) -> Iterator[Cast]:
    """The federation with the whole cast; forgotten afterwards."""
    with transaction.atomic():
        yield Cast(Office(now))
        transaction.set_rollback(True)
