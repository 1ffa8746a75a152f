"""A programme as the engine and the pages see it: frozen values built from its folder or its published version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import Any

from casework.core.text import Text
from casework.documents.validity import Lasts
from casework.forms.spec import FormSpec

NO_TEXT = Text("", "")
# The standings in which steps run, in their order, by life cycle (design §3).
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "application": ("submitted", "accepted", "approved", "settled"),
        "enquiry": ("registered", "accepted", "answered"),
        "campaign": ("planned", "approved", "open", "running", "settled"),
    }
)
CHANNELS = ("online", "window", "assisted")
# Exclusive duties by step kind: one person may hold only one of them on a case (domain §1).
DUTIES = {"accept": "accept", "visit": "visit", "review": "review", "approve": "approve", "pay": "pay",
          "approve_fee": "approve", "pay_lawyer": "pay"}
# What hung in public has hung, and money that went has gone: a return does neither again.
NOT_AGAIN = frozenset({"notice", "pay", "pay_lawyer"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a route. group: the standing in which it runs. level: "" for the applicant, and where the amount
    decides. limit_wd: working days; limit_days: calendar days, which go before (domain §4.2), 0 = none. duty:
    exclusive duty used up by deciding it, "" if none. when: closed condition over the facts, without which the step is
    passed over. together: key of the step it opens with, "" alone. ceilings: key of the regional number that gives the
    level by amount, "" if the level is fixed. options: what its kind needs. late: (role,
    level) whose desk it goes to when its limit passes, ("", "") where it stays."""

    key: str
    kind: str
    group: str
    role: str
    level: str
    title: Text
    limit_wd: int
    duty: str
    options: Mapping[str, Any] = field(default_factory=dict)
    when: Mapping[str, Any] | None = None
    together: str = ""
    ceilings: str = ""
    limit_days: int = 0
    late: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class PaperNeed:
    """A paper the applicant hands in. lasts: how long it counts, None = until it changes. shared: the word under which
    other services ask for the same paper, "" if none: one that was handed in there need not be handed in again.
    sample: what such a paper looks like, told where it is missing (domain §4.10)."""

    key: str
    title: Text
    help: Text
    required: bool
    lasts: Lasts | None = None
    shared: str = ""
    sample: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Eligibility:
    """A closed condition over the facts, and the reason code when it holds; the first match wins."""

    when: Mapping[str, Any]
    deny: str


@dataclass(frozen=True, slots=True)
class Clock:
    """Limits in working days from acceptance: the legal one, the one promised, and the time to supplement. *_days: the
    same in calendar days, which go before, 0 = none. longer_wd: by how much at most the time to supplement may be made
    longer, once (domain §4.2); 0 = never."""

    limit_wd: int
    promise_wd: int
    supplement_wd: int = 15
    limit_days: int = 0
    promise_days: int = 0
    longer_wd: int = 15


@dataclass(frozen=True, slots=True)
class Starter:
    """Who may file: a role at a level. level: "" for the applicant himself and for the handler of his union."""

    role: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a year on which applications are taken, first and last, as (month, day)."""

    first: tuple[int, int]
    last: tuple[int, int]

    def holds(self, month: int, day: int) -> bool:
        """Is the day inside? A window may reach over the new year."""
        today = (month, day)
        if self.first <= self.last:
            return self.first <= today <= self.last
        return today >= self.first or today <= self.last


@dataclass(frozen=True, slots=True)
class Once:
    """Answers that together may be granted once over all cases (domain §4.6). fields: dotted, * for every row; or facts
    that the check finds out."""

    key: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gives:
    """The register entry that the step "register" makes. years: how long it is valid, None = without end. renew_wd:
    days before its end on which the holder is reminded. many: one holder may stand in it several times. until: the
    fact that holds its last day, "" if years tell it."""

    register: str
    years: int | None = None
    renew_days: int = 30
    many: bool = False
    until: str = ""


@dataclass(frozen=True, slots=True)
class Renews:
    """The yearly check of entries of a register: the step "register" renews the holder's entry, and a denial for one
    of the reasons ends_on ends it. first: (month, day) of the year of its last day from which the check is due."""

    register: str
    first: tuple[int, int] = (7, 1)
    ends_on: tuple[str, ...] = ()


STARTERS = (Starter("applicant"), Starter("unit_handler"))


@dataclass(frozen=True, slots=True)
class Programme:
    """One version of one service. needs: key of the register the applicant must stand in, "" if none. numbers: keys
    of the regional parameters that are frozen at acceptance. classify, award: names of rules, "" if none. check: name
    of a check of the answers and of what the registers hold, "" if none. facts: keys
    of answers that become facts of the case at submission. start: who may file it. for_unit: the applicant is a union,
    and its handler acts for it. anonymous: a person without an ID number may be named. retention: years, None = for
    ever. letters: what its case numbers begin with, "" = the initials of its key. told: keys of regional numbers that
    only its texts name, and that no case freezes. ends: register whose entry, on which the case rests, ends when it is
    paid, "" if none. renews: the register whose entries it checks each year, None if none. begins_with: services with
    whose answers, as the person gave them last, its form begins. re_examines: calendar days in which a refusal of
    another service may be put before it, counted from the day after (domain §4.3); 0 = it looks again at none."""

    key: str
    version: int
    life: str
    family: str
    title: Text
    summary: Text
    who: tuple[Text, ...]
    form: FormSpec
    papers: tuple[PaperNeed, ...]
    eligibility: tuple[Eligibility, ...]
    clock: Clock
    route: Mapping[str, tuple[Step, ...]]
    numbers: tuple[str, ...] = ()
    needs: str = ""
    classify: str = ""
    award: str = ""
    fund_purpose: str = ""
    check: str = ""
    exclusive_year: bool = False
    how_much: Text = NO_TEXT
    facts: tuple[str, ...] = ()
    start: tuple[Starter, ...] = STARTERS
    for_unit: bool = False
    anonymous: bool = False
    window: Window | None = None
    once: tuple[Once, ...] = ()
    gives: Gives | None = None
    channels: tuple[str, ...] = CHANNELS
    figures: tuple[str, ...] = ()
    retention: int | None = None
    letters: str = ""
    told: tuple[str, ...] = ()
    ends: str = ""
    renews: Renews | None = None
    begins_with: tuple[str, ...] = ()
    re_examines: int = 0

    @property
    def online(self) -> bool:
        """May it be applied for on the pages of the applicants?"""
        return "online" in self.channels

    def paper(self, key: str) -> PaperNeed | None:
        """A paper by its key."""
        return next((paper for paper in self.papers if paper.key == key), None)

    def taken_on(self, day: date) -> bool:
        """Are applications taken on this day?"""
        return self.window is None or self.window.holds(day.month, day.day)

    @property
    def groups(self) -> tuple[str, ...]:
        """The standings in which steps of this life cycle run."""
        return GROUPS[self.life]

    def steps(self) -> list[Step]:
        """All steps in the order of the route."""
        return [step for group in self.groups for step in self.route.get(group, ())]

    def step(self, key: str) -> Step:
        """A step by its key. Raises KeyError."""
        for step in self.steps():
            if step.key == key:
                return step
        raise KeyError(key)

    def stages(self, group: str) -> list[tuple[Step, ...]]:
        """The steps of a standing in their order; those that open together form one stage."""
        steps = self.route.get(str(group), ())
        return [tuple(stage) for _leader, stage in groupby(steps, key=lambda step: step.together or step.key)]

    def stages_after(self, key: str) -> list[tuple[Step, ...]]:
        """The stages that follow the one of this step in the same standing."""
        stages = self.stages(self.step(key).group)
        place = next(n for n, stage in enumerate(stages) if any(step.key == key for step in stage))
        return stages[place + 1 :]

    def may_start(self, role: str, level: str = "") -> bool:
        """May somebody in this role at this level file it?"""
        return any(start.role == role and start.level in ("", level) for start in self.start)

    def before(self, key: str) -> list[Step]:
        """Earlier steps of the same standing that may be done again; not those that run beside it."""
        stages = self.stages(self.step(key).group)
        place = next(n for n, stage in enumerate(stages) if any(step.key == key for step in stage))
        return [step for stage in stages[:place] for step in stage if step.kind not in NOT_AGAIN]

    def returnable(self, key: str) -> list[Step]:
        """Steps that a case may be sent back to and comes straight back from: those before; and as long as nothing is
        decided, those of the check before acceptance, too. The case stays accepted meanwhile (domain §1, §4.3)."""
        early: tuple[Step, ...] = ()
        if self.life == "application" and self.step(key).group == "accepted":
            early = self.route.get("submitted", ())
        return [step for step in early if step.kind not in NOT_AGAIN] + self.before(key)
