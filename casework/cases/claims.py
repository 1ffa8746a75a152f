"""What may be granted once by a service: claimed at submission, granted at approval, free again when refused."""
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from casework.cases.models import ENDED, Case, ClaimedKey, State
from casework.core import crypto

ENDED_BADLY = [state for state in ENDED if state != State.CLOSED]


def digests(key: str, fields: Iterable[str], answers: Mapping[str, Any]) -> list[str]:
    """Keyed hashes of the values that a key is made of, one for each row where its fields lie in rows. An answer that
    was not given claims nothing."""
    columns = [_values(answers, field) for field in fields]
    rows = max((len(column) for column in columns), default=0)
    wide = [column * rows if len(column) == 1 else column for column in columns]
    if any(len(column) != rows for column in wide):
        return []
    tuples = [values for values in zip(*wide, strict=True) if all(value not in (None, "") for value in values)]
    return sorted({crypto.keyed_hash(json.dumps([str(v) for v in values]), f"claimed:{key}") for values in tuples})


def _values(answers: Mapping[str, Any], field: str) -> list[Any]:
    """Every value at a dotted place; * stands for each row."""
    found: list[Any] = [answers]
    for part in field.split("."):
        if part == "*":
            found = [row for rows in found if isinstance(rows, list) for row in rows]
        else:
            found = [value.get(part) for value in found if isinstance(value, Mapping)]
    return found


def claim(case: Case, keys: Iterable[tuple[str, str]]) -> None:
    """Note what a case claims, (kind, digest), in place of what it claimed before."""
    keys = set(keys)
    for row in ClaimedKey.objects.filter(case=case, granted=False):
        if (row.kind, row.digest) not in keys:
            row.delete()
    rows = [ClaimedKey(case=case, service=case.key, kind=kind, digest=digest) for kind, digest in keys]
    ClaimedKey.objects.bulk_create(rows, ignore_conflicts=True)


def rivals(case: Case) -> list[Case]:
    """Other cases, of whatever programme, that claim the same and were not refused; the oldest first."""
    mine = Q(pk__in=())
    for row in ClaimedKey.objects.filter(case=case):
        mine |= Q(claimed_keys__kind=row.kind, claimed_keys__digest=row.digest)
    others = Case.objects.filter(mine).exclude(pk=case.pk).exclude(state__in=ENDED_BADLY)
    return list(others.distinct().select_related("county", "programme").order_by("pk")[:20])


def granted_elsewhere(case: Case) -> bool:
    """Was something that this case claims granted to another of the same service already? The rows are locked, so that
    of two approvals at once the second sees the first; the database keeps one granted row a digest."""
    digests_of = [row.digest for row in ClaimedKey.objects.filter(case=case)]
    same = ClaimedKey.objects.select_for_update().filter(digest__in=digests_of, service=case.key).order_by("pk")
    return any(row.granted and row.case_id != case.pk for row in same)


def grant(case: Case) -> None:
    """The case was approved: what it claims is taken."""
    ClaimedKey.objects.filter(case=case).update(granted=True)


def free(case: Case) -> None:
    """The case ended without a grant: others may claim the same."""
    ClaimedKey.objects.filter(case=case, granted=True).update(granted=False)
