"""Alerts that hang on no single step: dossiers whose yearly check is overdue (domain §5.9 no. 13), entries that end
soon and are to be checked anew (§5.6, no. 20)."""
from collections.abc import Sequence
from datetime import datetime, timedelta

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
            Entry.objects.select_for_update().get(pk=entry.pk)
            if Event.objects.filter(subject_kind="register", subject_id=str(entry.public_id), action=action).exists():
                continue
            event = record.record("register", str(entry.public_id), action, stamp_of(SYSTEM, None, "timer"),
                                  {"number": entry.number, "verified_until": str(entry.verified_until)}, now)
            officers = duties.holders(Role.CASE_OFFICER, entry.organisation.path, now)[:10]
            outbox.tell(entry.source_case, event, "dossier_verify_due", officers, {"number": entry.number}, now)
        told += 1
    return told


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
        Entry.objects.select_for_update().get(pk=entry.pk)
        if Event.objects.filter(subject_kind="register", subject_id=str(entry.public_id), action=action).exists():
            return False
        facts = {"number": entry.number, "ends_on": str(entry.valid_to)}
        event = record.record("register", str(entry.public_id), action, stamp_of(SYSTEM, None, "timer"), facts, now)
        holders = list(private_logins(entry.person_id))
        if programme.for_unit:
            holders = list(User.objects.filter(person_id=entry.person_id, is_active=True))
            holders += duties.holders(Role.UNIT_HANDLER, entry.organisation.path, now)[:10]
        params = facts | {"programme": programme.title.zh, "programme_en": programme.title.en}
        outbox.tell(entry.source_case, event, "entry_ends", holders, params, now)
    return True
