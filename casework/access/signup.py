"""Logins that people make themselves. The name of such a login is a keyed hash of the ID number, so that the table of
logins holds no number in clear (promise P1)."""
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from casework.access.models import User
from casework.audit import record
from casework.core.identifiers import resident_id
from casework.people import persons
from casework.people.models import Consent, Person

CONSENT = ("account", "2026-1")


def login_name(typed: str) -> str:
    """What the login is kept under: for an ID number its keyed hash, anything else as it was typed."""
    number, problems = resident_id(typed, date.max)
    return typed.strip() if problems else f"id-{persons.id_hash(number)}"


def sign_up(name: str, id_no: str, phone: str, password: str, stamp: Mapping[str, Any], now: datetime) -> User | None:
    """Make a login for the person of an ID number; None when he has a private login already, or when somebody by this
    number is known with another name or phone: that is settled at the window, face to face. The caller tells nobody
    which of them it was (promise W2); both ways cost the same hash and the same event."""
    secret = make_password(password)
    try:
        with transaction.atomic():
            person = persons.find(id_no)
            fits = person is None or (not _has_login(person) and _same(person, name, phone))
            if person is None:
                person = persons.find_or_make(id_no, name, phone, now=now)
            action = "sign_up" if fits else "sign_up_refused"
            record.record("person", str(person.public_id), action, stamp, {}, now)
            return _make(person, login_name(id_no), secret, now) if fits else None
    except IntegrityError:
        return None  # a second click: the first one made it


def _has_login(person: Person) -> bool:
    """Has the person a login that is not an office's?"""
    return User.objects.filter(person=person, assignments__isnull=True, office__isnull=True).exists()


def private_logins(person: int) -> QuerySet[User]:
    """The logins in which a person is told of his own matters: open ones, and none that an office keeps, for whoever
    gives such a one a new password could read them (promise R7)."""
    return User.objects.filter(person_id=person, office__isnull=True, is_active=True)


def _same(person: Person, name: str, phone: str) -> bool:
    return person.name == name and bool(person.phone_hash) and person.phone_hash == persons.phone_hash(phone)


def _make(person: Person, username: str, secret: str, now: datetime) -> User:
    kind, version = CONSENT
    about = str(person.public_id)
    Consent.objects.create(person=person, kind=kind, notice_version=version, subject=about, given_at=now)
    return User.objects.create(username=username, first_name=person.name, password=secret, person=person)
