"""The officer's queue: due first, coloured by clock, one keystroke from task to task."""
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casework.access.actor import Actor
from casework.access.models import Role
from casework.core import clock
from casework.desk import words
from casework.programmes.loader import load_catalogue, programme_of
from casework.site.policy import actor_of_request, staff
from casework.site.templatetags.site_tags import clock_face, last_day
from casework.workflows import queries
from casework.workflows.kinds import KINDS
from casework.workflows.models import Hold, Task

COUNTED_MOST = 1000
Place = tuple[datetime | None, int]
RESTING = Exists(Hold.objects.filter(case_id=OuterRef("case_id"), ended_at__isnull=True))
SHOWN = ("case__programme", "case__applicant", "case__organisation", "organisation", "assignee")


@dataclass(frozen=True, slots=True)
class Wish:
    """What of the queue is to be seen. key: service; kind: kind of step; role; who: "mine", "free"; due: "late",
    "paused". Tasks whose clock rests stand apart: they wait for an answer from outside."""

    key: str = ""
    kind: str = ""
    role: str = ""
    who: str = ""
    due: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Wish":
        """From the address; values nobody knows are ignored."""
        allowed: dict[str, Any] = {
            "key": load_catalogue(), "kind": KINDS, "role": Role.values, "who": ("mine", "free"),
            "due": ("late", "paused"),
        }
        return cls(**{name: value for name, known in allowed.items() if (value := given.get(name, "")) in known})

    def chosen(self) -> dict[str, str]:
        """What is set, as parameters of an address."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}

    def narrow(self, rows: QuerySet[Task], actor: Actor, now: datetime) -> QuerySet[Task]:
        """The tasks wished for."""
        conditions = {
            "key": Q(case__key=self.key), "kind": Q(kind=self.kind), "role": Q(role=self.role),
            "who": Q(assignee_id=actor.user) if self.who == "mine" else Q(assignee__isnull=True),
            "due": Q(due_at__lte=now) if self.due == "late" else Q(),
        }
        for name in self.chosen():
            rows = rows.filter(conditions[name])
        return rows.filter(RESTING if self.due == "paused" else ~RESTING)


@staff()
@require_safe
def desk_queue(request: HttpRequest) -> HttpResponse:
    """One page of open tasks that this officer could do now."""
    actor, moment = actor_of_request(request), clock.now()
    wish, after = Wish.read(request.GET.dict()), read_place(request.GET.get("after", ""))
    rows = page_of(wish.narrow(queries.workable(actor), actor, moment), after)
    page, more = rows[: queries.PAGE], len(rows) > queries.PAGE
    aside = replace(wish, due="paused")
    resting = [] if after or wish.due else page_of(aside.narrow(queries.workable(actor), actor, moment), None)
    context = {
        "rows": [row_of(task, moment) for task in page], "wish": wish, "counts": counts(actor, moment),
        "paused": [row_of(task, moment) for task in resting[: queries.PAGE]],
        "more_paused": address(aside.chosen()) if len(resting) > queries.PAGE else "",
        "next": address({**wish.chosen(), "after": place_of(page[-1])}) if more else "",
        "first": address(wish.chosen()) if after else "", "filters": filters(actor, wish),
    }
    return render(request, "desk/queue.html", context)


def page_of(rows: QuerySet[Task], after: Place | None, size: int = queries.PAGE) -> list[Task]:
    """One page, due first, and one row more if there is more. after: place of the last row seen."""
    if after:
        due, number = after
        undated = Q(due_at__isnull=True)
        dated = undated | Q(due_at__gt=due) | Q(due_at=due, pk__gt=number)
        rows = rows.filter(undated & Q(pk__gt=number) if due is None else dated)
    holds = Prefetch("case__holds", Hold.objects.filter(ended_at__isnull=True), to_attr="open_holds")
    ordered = rows.select_related(*SHOWN).prefetch_related(holds).order_by(F("due_at").asc(nulls_last=True), "pk")
    return list(ordered[: size + 1])


def row_of(task: Task, moment: datetime) -> dict[str, object]:
    """What a line of the queue shows."""
    programme = programme_of(task.case.programme)
    holds = task.case.open_holds  # type: ignore[attr-defined]
    return {
        "task": task, "case": task.case, "programme": programme.title, "step": programme.step(task.step).title,
        "clock": colour(task, moment), "paused": words.pause_words(holds[0].reason) if holds else "",
        "phase": words.phase_words(task),
    }


def counts(actor: Actor, moment: datetime) -> dict[str, int]:
    """How much lies there, how much of it is late, one's own, or paused; counted up to a thousand."""
    rows = queries.workable(actor).annotate(resting=RESTING).order_by("due_at")
    found = list(rows.values_list("due_at", "assignee_id", "resting")[:COUNTED_MOST])
    return {
        "all": sum(1 for _due, _user, resting in found if not resting),
        "late": sum(1 for due, _user, resting in found if due and due <= moment and not resting),
        "mine": sum(1 for _due, user, _resting in found if user == actor.user),
        "paused": sum(1 for _due, _user, resting in found if resting),
    }


def filters(actor: Actor, wish: Wish) -> dict[str, list[tuple[str, Any, bool]]]:
    """Choices of each filter: (value, words, chosen)."""
    roles = list(dict.fromkeys(duty.role for duty in actor.duties))
    return {
        "key": [(p.key, p.title, p.key == wish.key) for p in load_catalogue().values()],
        "kind": [(kind.key, kind.title, kind.key == wish.kind) for kind in KINDS.values()],
        "role": [(role, Role(role).label, role == wish.role) for role in roles] if len(roles) > 1 else [],
    }


def colour(task: Task, moment: datetime) -> str:
    """green, amber from 70 % of the limit, red past it (domain §2)."""
    if task.due_at is None:
        return "green"
    return clock_face(task.due_at, last_day(task.due_at), task.amber_at, moment)[0]


def address(parameters: Mapping[str, str]) -> str:
    """The queue's own address with these parameters."""
    return f"?{urlencode(parameters)}"


def place_of(task: Task) -> str:
    """The keyset place of a row: due moment and id."""
    return f"{task.due_at.isoformat() if task.due_at else ''}~{task.pk}"


def read_place(text: str) -> Place | None:
    """Read a place back; anything odd starts at the first page."""
    moment, _sep, number = text.partition("~")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    try:
        due = datetime.fromisoformat(moment) if moment else None
    except ValueError:
        return None
    return None if due is not None and due.tzinfo is None else (due, int(number))
