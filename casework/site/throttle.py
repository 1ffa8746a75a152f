"""Slows down guessing of passwords, per account and per address; nobody is ever locked out for good (promise W1).

An address the account has logged in from before has its own allowance, so that a stranger's guesses do not keep
the owner out. Unknown accounts are counted like known ones, so that the answer tells nothing (promise W2).
"""
import math
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from casework.site.models import LoginTry

WINDOW = timedelta(minutes=15)
REMEMBERED = timedelta(days=90)
FREE_TRIES = 5  # without any wait
MOST_TRIES = 10  # of an account in a window, from all unknown addresses together
MOST_FROM_ADDRESS = 60  # of an address in a window, for all accounts together: an office shares one address
LONGEST_WAIT = timedelta(minutes=15)


def wait_before_try(account: str, address: str, now: datetime) -> int:
    """Seconds until the next try is taken; 0 = at once."""
    tries = _failed_since(account, address, now)
    crowd = LoginTry.objects.filter(address=_digest(address), at__gt=now - WINDOW, known=False)
    if crowd[:MOST_FROM_ADDRESS].count() >= MOST_FROM_ADDRESS:
        return _left(now - WINDOW, crowd.order_by("at").values_list("at", flat=True)[:1])
    if len(tries) < FREE_TRIES:
        return 0
    if len(tries) >= MOST_TRIES:
        return _left(now - WINDOW, [tries[-MOST_TRIES]])
    pause = min(timedelta(seconds=5 * 2 ** (len(tries) - FREE_TRIES)), LONGEST_WAIT)
    return _left(now - pause, [tries[-1]])


def note_failure(account: str, address: str, now: datetime) -> None:
    """Remember a failed try, and forget what is too old to matter."""
    LoginTry.objects.create(account=_digest(account), address=_digest(address), at=now)
    old = LoginTry.objects.filter(at__lt=now - REMEMBERED).values_list("pk", flat=True)[:100]
    LoginTry.objects.filter(pk__in=list(old)).delete()


def note_success(account: str, address: str, now: datetime) -> None:
    """The password was right: this address is known, and its failed tries are forgiven."""
    rows = LoginTry.objects.filter(account=_digest(account), address=_digest(address))
    rows.delete()
    LoginTry.objects.create(account=_digest(account), address=_digest(address), at=now, known=True)


def _failed_since(account: str, address: str, now: datetime) -> list[datetime]:
    """Moments of the failed tries that count for this account at this address, oldest first."""
    rows = LoginTry.objects.filter(account=_digest(account))
    known = set(rows.filter(known=True, at__gt=now - REMEMBERED).values_list("address", flat=True)[:50])
    failed = rows.filter(known=False, at__gt=now - WINDOW)
    failed = failed.filter(address=_digest(address)) if _digest(address) in known else failed.exclude(address__in=known)
    return list(failed.order_by("at").values_list("at", flat=True)[:200])


def _left(since: datetime, moments: object) -> int:
    first = next(iter(moments), None)  # type: ignore[call-overload]
    return max(0, math.ceil((first - since).total_seconds())) if first else 0


def _digest(value: str) -> str:
    return salted_hmac("casework.login", value.strip().lower(), algorithm="sha256").hexdigest()
