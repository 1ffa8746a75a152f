"""Staff logins: made with a first password that opens one page only, locked, unlocked, given a new first password."""
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor
from casework.access.duties import stamp_of
from casework.access.models import User
from casework.audit import record
from casework.core.calendar import local_date
from casework.core.problems import Problem, Refused
from casework.organisations.models import Organisation
from casework.people import persons
from casework.people.models import Person
from casework.staffing import scope, telling, witness

SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that are read for another
LENGTH = 12
COUNTS_FOR = timedelta(days=7)
MOST_TYPED = 200
_NAME = re.compile(r"[a-z][a-z0-9_.]{2,29}")


def first_password() -> str:
    """A password to hand over: 60 bits, in three groups that can be read out on the telephone."""
    signs = "".join(secrets.choice(SIGNS) for _place in range(LENGTH))
    return "-".join(signs[start:start + 4] for start in range(0, LENGTH, 4))


def make(
    username: str, person: Mapping[str, str], office: Organisation, reason: str, actor: Actor, now: datetime
) -> tuple[User, str]:
    """A login of an office for a person, and its first password, which is kept nowhere. person: name, id_no, phone, as
    they are kept. Raises Refused."""
    duty = scope.duty_at(actor, office)
    words, problems = telling.reason_of(reason)
    problems += _bad_name(username) + _closed(office, now)
    telling.refuse(problems)
    secret = first_password()
    try:
        with transaction.atomic():
            user = User(
                username=username, first_name=person["name"], person=_person(person, actor, now), office=office,
                first_password_until=now + COUNTS_FOR, password=make_password(secret),
            )
            user.save(force_insert=True)
            facts = {"login": username, "office": str(office.public_id), "reason": words}
            event = record.record("user", str(user.pk), "login_make", stamp_of(actor, duty, "online"), facts, now)
            told = [user, *_other_logins(user)]
            telling.tell(event, "login_made", told, office, now, login=username, actor=actor.name, reason=words)
    except IntegrityError as error:
        raise Refused([_taken()], 409) from error
    return user, secret


def _bad_name(username: str) -> list[Problem]:
    if not _NAME.fullmatch(username):
        return [Problem(
            "LOGIN_NAME", _("A login name has 3 to 30 small letters, digits, dots or underscores, a letter first."),
            place="username", mend=_("Choose for example the name in pinyin."),
        )]
    return [_taken()] if User.objects.filter(username=username).exists() else []


def _taken() -> Problem:
    return Problem("LOGIN_TAKEN", _("This login name is taken."), place="username", mend=_("Choose another one."))


def _closed(office: Organisation, now: datetime) -> list[Problem]:
    if office.closes_on is None or office.closes_on > local_date(now):
        return []
    return [Problem("UNION_CLOSED", _("This organisation is closed."), place="office")]


def _person(typed: Mapping[str, str], actor: Actor, now: datetime) -> Person:
    """The person behind the login. Raises Refused: another name is known under this number, or it is oneself."""
    found = persons.find_or_make(typed["id_no"], typed["name"], typed["phone"], now=now)
    if found.name != typed["name"]:
        raise Refused([Problem(
            "NAME_DIFFERS", _("The number is known under another name."), place="name",
            mend=_("Compare both with the ID card."),
        )])
    if found.pk in actor.persons:
        raise Refused([Problem(
            "FOR_ONESELF", _("Nobody makes a further login for himself."), place="id_no",
            mend=_("Another administrator does it."),
        )], 403)
    return found


def lock(user: User, reason: str, actor: Actor, now: datetime) -> None:
    """Nobody gets in with it any more; who is logged in is out with his next click (promise R6). Raises Refused."""
    _switch(user, False, "lock", "login_locked", reason, actor, now)


def unlock(user: User, reason: str, actor: Actor, now: datetime) -> None:
    """It opens again. Raises Refused."""
    _switch(user, True, "unlock", "login_unlocked", reason, actor, now)


def _switch(user: User, to: bool, action: str, template: str, reason: str, actor: Actor, now: datetime) -> None:
    duty = scope.duty_for(actor, user, now)
    words, problems = telling.reason_of(reason)
    telling.refuse(problems)
    with transaction.atomic():
        held = User.objects.select_for_update().get(pk=user.pk)
        if held.is_active == to:
            return  # a second click
        held.is_active = to
        held.save(update_fields=["is_active"])
        facts: dict[str, Any] = telling.facts_of({"is_active": not to}, {"is_active": to}) | {"reason": words}
        event = record.record("user", str(user.pk), action, stamp_of(actor, duty, "online"), facts, now)
        # Whoever is locked out reads it when he is back, or in his own private login.
        own = [held] if to else list(_other_logins(held))
        telling.tell(event, template, own, None, now, login=held.username, actor=actor.name, reason=words)


def _other_logins(user: User) -> QuerySet[User]:
    """Further logins of the same person."""
    rows = User.objects.exclude(pk=user.pk)
    return rows.filter(person_id=user.person_id) if user.person_id is not None else rows.none()


def reset(user: User, reason: str, actor: Actor, now: datetime) -> str:
    """A new first password; the old one, and every session begun with it, counts no more. Raises Refused."""
    duty = scope.duty_for(actor, user, now)
    words, problems = telling.reason_of(reason)
    telling.refuse(problems)
    secret = first_password()
    with transaction.atomic():
        held = User.objects.select_for_update().get(pk=user.pk)
        held.password, held.first_password_until = make_password(secret), now + COUNTS_FOR
        held.save(update_fields=["password", "first_password_until"])
        facts = {"until": held.first_password_until, "reason": words}
        event = record.record("user", str(user.pk), "reset", stamp_of(actor, duty, "online"), facts, now)
        told = [held, *_other_logins(held)]  # whoever took it over reads only the first of them
        telling.tell(event, "login_reset", told, None, now, login=held.username, actor=actor.name, reason=words)
        witness.tell_of_password(event, held, actor, words, now)
    return secret


def choose(user: User, old: str, new: str, again: str, actor: Actor, now: datetime) -> User:
    """The person's own password. Raises Refused."""
    problems = []
    if not check_password(old[:MOST_TYPED], user.password):
        problems.append(Problem("PASSWORD_OLD", _("This is not your present password."), place="old"))
    problems += _weak(user, old, new, again)
    telling.refuse(problems)
    with transaction.atomic():
        held = User.objects.select_for_update().get(pk=user.pk)
        held.password, held.first_password_until = make_password(new), None
        held.save(update_fields=["password", "first_password_until"])
        record.record("user", str(user.pk), "password_chosen", stamp_of(actor, None, "online"), {}, now)
    return held


def _weak(user: User, old: str, new: str, again: str) -> list[Problem]:
    if new != again:
        return [Problem("PASSWORD_AGAIN", _("The two new passwords differ."), place="again")]
    if new == old:
        return [Problem("PASSWORD_SAME", _("The new password is the old one."), place="new")]
    try:
        if len(new) > MOST_TYPED:
            raise ValidationError(_("The password is too long."))
        validate_password(new, user)
    except ValidationError as error:
        return [Problem("PASSWORD", " ".join(error.messages), place="new")]
    return []
