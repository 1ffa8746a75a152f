"""Publishing versions: frozen content, its hash, and the event that says who published it."""
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from casework.audit import record
from casework.programmes.loader import CATALOGUE, build, content_of, frozen, hash_of
from casework.programmes.models import ProgrammeVersion


def publish(key: str, now: datetime, effective_from: date, stamp: Mapping[str, Any]) -> ProgrammeVersion:
    """Freeze the folder of a programme as its next version. The same content again gives the row that is there.
    Raises ProgrammeFault."""
    content = content_of(CATALOGUE / key)
    build(content)
    with transaction.atomic():
        latest = newest(key)
        if latest is not None and latest.content_hash == hash_of(content):
            return latest
        return freeze(key, content, now, effective_from, stamp)


def freeze(
    key: str, content: Mapping[str, Any], now: datetime, effective_from: date, stamp: Mapping[str, Any]
) -> ProgrammeVersion:
    """Add content that was checked as the next version, with the event that tells it. In the caller's transaction."""
    latest, digest = newest(key), hash_of(content)
    row = ProgrammeVersion.objects.create(
        key=key, version=latest.version + 1 if latest else 1, content=frozen(content), content_hash=digest,
        published_at=now, effective_from=effective_from,
    )
    facts = {"version": row.version, "content_hash": digest, "effective_from": effective_from}
    record.record("programme", key, "publish", stamp, facts, now)
    return row


def newest(key: str) -> ProgrammeVersion | None:
    """The version published last, in force or not yet."""
    return ProgrammeVersion.objects.filter(key=key).order_by("-version").first()


def current(key: str, day: date) -> ProgrammeVersion:
    """The version in force on a day. Raises ProgrammeVersion.DoesNotExist."""
    return ProgrammeVersion.objects.filter(key=key, effective_from__lte=day).order_by("-version")[:1].get()


def all_current(day: date) -> list[ProgrammeVersion]:
    """The version in force of every programme."""
    newest: dict[str, ProgrammeVersion] = {}
    for row in ProgrammeVersion.objects.filter(effective_from__lte=day).order_by("key", "version"):
        newest[row.key] = row
    return list(newest.values())
