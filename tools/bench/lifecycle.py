"""One case through the door: handed in by its applicant, then six transitions by three people."""
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from casework.access.duties import actor_of
from casework.access.models import User
from casework.workflows import intake
from casework.workflows.commands import Command
from casework.workflows.door import perform
from tools.bench.town import ROUTE, Town

_keys = itertools.count(1)
Work = Callable[[], None]


def steps(town: Town, user: User) -> Iterator[tuple[str, Work]]:
    """The name of each transition and the work of it, to be called before the next one is asked for."""
    held: dict[str, int] = {}

    def hand_in() -> None:
        case, event = intake.open_case(
            town.version, town.answers(user), actor_of(user, town.now), f"bench-{next(_keys)}", town.now
        )
        held["case"], held["seen"] = case.pk, event.n

    yield "submit", hand_in
    for key, *_rest, who in ROUTE:

        def decide(action: str = f"{key}.pass", who: str = who) -> None:
            actor = town.actor(who)
            command = Command(held["case"], action, actor, held["seen"], f"bench-{next(_keys)}", {"opinion": "同意"})
            held["seen"] = perform(command, town.now).n

        yield f"{key}.pass", decide


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collects every statement that is sent: savepoints and settings, too; only BEGIN and COMMIT pass unseen."""
    sent: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


def statements(town: Town, user: User) -> dict[str, list[str]]:
    """Every statement of one case, by transition; reading the actor's rights is part of it."""
    found: dict[str, list[str]] = {}
    for name, work in steps(town, user):
        with counted() as sent:
            work()
        found[name] = sent
    return found
