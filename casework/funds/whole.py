"""Money moves whole or not at all: one transaction, tried again when the database had to give way to another."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem, Refused

P = ParamSpec("P")
R = TypeVar("R")
TRIES = 3
BUSY = Problem(
    "FUND_BUSY", _("Somebody else is working with this fund at this moment."), mend=_("Reload the page and try again.")
)


def whole(work: Callable[P, R]) -> Callable[P, R]:
    """Run in one transaction. A deadlock or a lock held too long is tried three times, then Refused (409); inside a
    transaction of the caller it is his to repeat."""

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        tries = 1 if connection.in_atomic_block else TRIES
        for attempt in range(1, tries + 1):
            try:
                with transaction.atomic():
                    _wait_no_longer()
                    return work(*args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block:
                    raise
                if attempt == tries:
                    raise Refused([BUSY], 409) from error
        raise Refused([BUSY], 409)

    return run


def _wait_no_longer() -> None:
    """PostgreSQL gives up a lock that somebody holds too long; SQLite has its own limit."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = %s", [settings.LOCK_TIMEOUT])
