"""Numbers and tables by region and date. The longest matching region counts, then the latest date (domain, head)."""
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem, Refused
from casework.programmes.models import Parameter


class MissingParameter(Refused):
    """A regional number was not entered; nothing is guessed."""

    def __init__(self, key: str, region: str, day: date) -> None:
        super().__init__([
            Problem("PARAMETER_MISSING", _("A number of this region is not entered yet: %(key)s.") % {"key": key},
                    mend=_("The policy officer enters it with its source and date."),
                    params={"key": key, "region": region, "day": day.isoformat()})
        ])


def regions_of(region: str) -> list[str]:
    """A region and those around it, nearest first: county, city, province, everywhere."""
    return list(dict.fromkeys([region, f"{region[:4]}00", f"{region[:2]}0000", ""]))


def snapshot(keys: Iterable[str], region: str, day: date) -> dict[str, Any]:
    """The values of several keys on a day, with the rows they came from under "_from". Raises MissingParameter."""
    wanted = list(keys)
    best = _best(wanted, region, day)
    for key in wanted:
        if key not in best:
            raise MissingParameter(key, region, day)
    values: dict[str, Any] = {key: best[key].value for key in wanted}
    values["_from"] = {key: [best[key].region, best[key].effective_from.isoformat()] for key in wanted}
    return values


def entered(keys: Iterable[str], region: str, day: date) -> dict[str, Any]:
    """The values of those keys that are entered, for drawing and looking ahead: nothing is decided by them."""
    return {key: row.value for key, row in _best(list(keys), region, day).items()}


def _best(wanted: list[str], region: str, day: date) -> dict[str, Parameter]:
    near = regions_of(region)
    rows = Parameter.objects.filter(key__in=wanted, region__in=near, effective_from__lte=day) if wanted else ()
    best: dict[str, Parameter] = {}
    for row in rows:
        held = best.get(row.key)
        if held is None or _rank(row, near) < _rank(held, near):
            best[row.key] = row
    return best


def _rank(row: Parameter, near: list[str]) -> tuple[int, int]:
    return near.index(row.region), -row.effective_from.toordinal()


def value(key: str, region: str, day: date) -> Any:
    """One value. Raises MissingParameter."""
    return snapshot([key], region, day)[key]
