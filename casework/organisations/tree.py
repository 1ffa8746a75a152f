"""The union tree: making nodes, and finding the offices above one."""
from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import models, transaction

from casework.core import clock
from casework.core.calendar import local_date
from casework.core.compiled import Compiled
from casework.organisations.models import Level, Organisation

LINE = {Level.GRASSROOTS: "unit", Level.TOWN: "town", Level.COUNTY: "county", Level.CITY: "city"}
# As many as the tree has levels.
_NODES: Compiled[Organisation] = Compiled(
    lambda *ids: Organisation.objects.filter(pk__in=ids), *range(-10_000_000_006, -10_000_000_000)
)
_NAMED = Compiled(
    lambda name, day: Organisation.objects.filter(open_on(day), public_id=name), UUID(int=1), date(1900, 1, 1)
)


def open_on(day: date) -> models.Q:
    """Condition for organisations that are there on a day."""
    return models.Q(closes_on__isnull=True) | models.Q(closes_on__gt=day)


def open_today() -> "models.QuerySet[Organisation]":
    """The organisations that are there today."""
    return Organisation.objects.filter(open_on(local_date(clock.now())))


def open_to_new() -> "models.QuerySet[Organisation]":
    """Those that take new matters and money: what closes on a later day takes none any more, for nobody would be there
    to end them."""
    return Organisation.objects.filter(closes_on__isnull=True)


def make(name: str, level: str, parent: Organisation | None, *, region: str, name_en: str = "", credit_code: str = "",
         short_name: str = "", phone: str = "", address: str = "") -> Organisation:
    """Add an organisation below its parent; its path follows from the parent's."""
    with transaction.atomic():
        node = Organisation.objects.create(
            name=name, name_en=name_en, level=level, parent=parent, region=region, credit_code=credit_code,
            short_name=short_name, phone=phone, address=address, path=f"new:{name}:{parent.pk if parent else 0}",
        )
        node.path = f"{parent.path if parent else '/'}{node.pk}/"
        node.save(update_fields=["path"])
    return node


def nodes(ids: Collection[int]) -> list[Organisation]:
    """The organisations of these ids, in no order; one query."""
    if len(ids) > len(Level):
        return list(Organisation.objects.filter(pk__in=ids))
    return _NODES.rows(*ids, *[0] * (len(Level) - len(ids)))


def named(public_id: UUID) -> Organisation | None:
    """The organisation of a public id, if it is there today."""
    return _NAMED.first(public_id, local_date(clock.now()))


def ancestors(organisation: Organisation) -> list[Organisation]:
    """The organisation and all above it, root first; one query."""
    ids = [int(part) for part in organisation.path.split("/") if part]
    found = {node.pk: node for node in nodes(ids)}
    return [found[number] for number in ids if number in found]


def line_of(organisation: Organisation) -> dict[str, Organisation | None]:
    """The handling line as a case has it: unit, town, county, city → office or None."""
    line: dict[str, Organisation | None] = dict.fromkeys(LINE.values())
    for node in ancestors(organisation):
        column = LINE.get(Level(node.level))
        if column:
            line[column] = node
    return line


def ancestor_at(organisation: Organisation, level: str) -> Organisation | None:
    """The office of a level above (or at) an organisation."""
    return next((node for node in ancestors(organisation) if node.level == level), None)
