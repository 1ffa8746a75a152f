"""The logins of the demonstration, with the persons and assignments behind them."""
from datetime import datetime

from django.contrib.auth.hashers import make_password

from casework.access.actor import SYSTEM
from casework.access.assign import assign
from casework.access.duties import stamp_of
from casework.access.models import RoleAssignment, User
from casework.core.calendar import SHANGHAI, local_date
from casework.demo.accounts import ACCOUNTS, OTHERS, PASSWORD, SIBLINGS, Account
from casework.demo.organisations import by_key
from casework.demo.people import find_or_make
from casework.people.kin import declare
from casework.people.models import Kinship, Relation

EVERYONE = (*ACCOUNTS, *OTHERS)


def load(now: datetime) -> None:
    """Add the logins that are missing, their duties from the start of the year, and the declared relatives."""
    users = _users(now)
    _assign(users, now)
    for login, relative in SIBLINGS:
        person = users[login].person
        assert person is not None  # every login of the demonstration has one
        if not Kinship.objects.filter(person=person).exists():
            declare(person, _account(relative).someone.id_no, Relation.SIBLING, stamp_of(SYSTEM, None, "command"), now)


def _users(now: datetime) -> dict[str, User]:
    """All logins by name. One hash serves them all: they share one public password."""
    known = _known()
    missing = [account for account in EVERYONE if account.username not in known]
    password = make_password(PASSWORD) if missing else ""
    User.objects.bulk_create([
        User(username=one.username, first_name=one.name, password=password, person=find_or_make(one.someone, now))
        for one in missing
    ])
    return _known()


def _known() -> dict[str, User]:
    names = [account.username for account in EVERYONE]
    return {user.username: user for user in User.objects.select_related("person").filter(username__in=names)}


def _assign(users: dict[str, User], now: datetime) -> None:
    """Give the duties through the one function that also writes the event."""
    places = by_key()
    start = datetime(local_date(now).year, 1, 1, tzinfo=SHANGHAI)
    held = set(RoleAssignment.objects.filter(user__in=users.values()).values_list("user_id", "role", "organisation_id"))
    stamp = stamp_of(SYSTEM, None, "command")
    for account in EVERYONE:
        user = users[account.username]
        for role, place in account.duties:
            if (user.pk, role, places[place].pk) not in held:
                assign(user, role, places[place], start, None, stamp, now)


def _account(username: str) -> Account:
    return next(account for account in EVERYONE if account.username == username)
