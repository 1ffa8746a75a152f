"""Alerts that hang on no single step: dossiers whose yearly check is to be made, or is overdue (domain §4.7, §5.9
no. 13), entries that end soon and are to be checked anew (§5.6, no. 20)."""
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction

from casework.access import duties
from casework.access.actor import SYSTEM
from casework.access.duties import stamp_of
from casework.access.models import Role, User
from casework.access.signup import private_logins
from casework.audit import record
from casework.audit.models import Event
from casework.core.calendar import local_date
from casework.notifications import outbox
from casework.programmes import versions
from casework.programmes.loader import programme_of
from casework.programmes.spec import Gives, Programme
from casework.registers import dossiers, entries
from casework.registers.models import Entry
from casework.workflows import renewals


def unverified_dossiers(now: datetime) -> int:
    """Tell the county's case officers once for each dossier and year. Returns how many dossiers were told."""
    day = local_date(now)
    told, after = 0, None
    while entries := dossiers.unverified(day, after):
        told += _tell(entries, f"unverified_{day.year}", now)
        after = entries[-1]
    return told


def _tell(entries: Sequence[Entry], action: str, now: datetime) -> int:
    told = 0
    for entry in entries:
        with transaction.atomic():
            event = _noted(entry, action, {"verified_until": str(entry.verified_until)}, now)
            if event is None:
                continue
            officers = duties.holders(Role.CASE_OFFICER, entry.organisation.path, now)[:10]
            outbox.tell(entry.source_case, event, "dossier_verify_due", officers, {"number": entry.number}, now)
        told += 1
    return told


def _noted(entry: Entry, action: str, facts: dict[str, str], now: datetime) -> Event | None:
    """The register notes once that this is told; None where it did before. Call in a transaction."""
    Entry.objects.select_for_update().get(pk=entry.pk)
    subject = str(entry.public_id)
    if Event.objects.filter(subject_kind="register", subject_id=subject, action=action).exists():
        return None
    return record.record(
        "register", subject, action, stamp_of(SYSTEM, None, "timer"), {"number": entry.number} | facts, now
    )


def ending_entries(now: datetime) -> int:
    """Tell the holders of entries that end soon, once for each end. Returns how many entries were told."""
    told = 0
    for row in versions.all_current(local_date(now)):
        programme = programme_of(row)
        if programme.gives is not None and programme.gives.years is not None:
            told += _tell_ends(programme, programme.gives, now)
    return told


def _tell_ends(programme: Programme, gives: Gives, now: datetime) -> int:
    today = local_date(now)
    ending = entries.ending_between(gives.register, today, today + timedelta(days=gives.renew_days))
    told = 0
    for entry in ending.select_related("organisation", "source_case").iterator(chunk_size=dossiers.CHUNK):
        told += _tell_end(entry, programme, now)
    return told


def _tell_end(entry: Entry, programme: Programme, now: datetime) -> bool:
    action = f"ends_{entry.valid_to}"
    with transaction.atomic():
        ends_on = {"ends_on": str(entry.valid_to)}
        event = _noted(entry, action, ends_on, now)
        if event is None:
            return False
        holders = list(private_logins(entry.person_id))
        if programme.for_unit:
            holders = list(User.objects.filter(person_id=entry.person_id, is_active=True))
            holders += duties.holders(Role.UNIT_HANDLER, entry.organisation.path, now)[:10]
        title = {"programme": programme.title.zh, "programme_en": programme.title.en}
        params = {"number": entry.number} | ends_on | title
        outbox.tell(entry.source_case, event, "entry_ends", holders, params, now)
    return True


def due_checks(now: datetime) -> int:
    """Tell the holders of dossiers that the yearly check is to be made, once for each dossier and year; where a holder
    has no login of his own, his union. Returns how many dossiers were told."""
    today, told = local_date(now), 0
    for programme in renewals.services(today):
        assert programme.renews is not None  # that is what these services do
        rows = dossiers.asked(today, programme.renews.first)
        for chunk in _in_chunks(rows.iterator(chunk_size=dossiers.CHUNK)):
            told += _tell_due(chunk, programme, f"check_due_{today.year}", now)
    return told


def _in_chunks(rows: Iterator[Entry]) -> Iterator[list[Entry]]:
    while chunk := list(islice(rows, dossiers.CHUNK)):
        yield chunk


def _tell_due(entries: Sequence[Entry], programme: Programme, action: str, now: datetime) -> int:
    """One query tells which of a chunk were told this year already."""
    ids = [str(entry.public_id) for entry in entries]
    events = Event.objects.filter(subject_kind="register", subject_id__in=ids, action=action)
    known, told = set(events.values_list("subject_id", flat=True)), 0
    for entry in entries:
        if str(entry.public_id) not in known and not renewals.running(entry, programme):
            told += _tell_one(entry, programme, action, now)
    return told


def _tell_one(entry: Entry, programme: Programme, action: str, now: datetime) -> bool:
    with transaction.atomic():
        event = _noted(entry, action, {"verified_until": str(entry.verified_until)}, now)
        if event is None:
            return False
        params = _words(entry, programme, now)
        holders = list(private_logins(entry.person_id))
        if holders:
            outbox.tell(entry.source_case, event, "dossier_check_due", holders, params, now)
        else:
            union = duties.holders(Role.UNIT_HANDLER, entry.organisation.path, now)[:10]
            outbox.tell(entry.source_case, event, "member_check_due", union, params, now)
    return True


def _words(entry: Entry, programme: Programme, now: datetime) -> dict[str, Any]:
    """What the message says: nothing of the household, its income or its category."""
    union, late = entry.organisation, not dossiers.is_verified(entry, local_date(now))
    return {
        "number": entry.number, "programme": programme.title.zh, "programme_en": programme.title.en,
        "organisation": union.name, "organisation_en": union.name_en or union.name, "phone": union.phone,
        "overdue_on" if late else "hand_in_by": str(entry.verified_until),
    }
