"""The union tree: making nodes, and finding the offices above one."""
from django.db import transaction

from casework.organisations.models import Level, Organisation

LINE = {Level.GRASSROOTS: "unit", Level.TOWN: "town", Level.COUNTY: "county", Level.CITY: "city"}


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


def ancestors(organisation: Organisation) -> list[Organisation]:
    """The organisation and all above it, root first; one query."""
    ids = [int(part) for part in organisation.path.split("/") if part]
    found = {node.pk: node for node in Organisation.objects.filter(pk__in=ids)}
    return [found[number] for number in ids if number in found]


def line_of(organisation: Organisation) -> dict[str, int | None]:
    """The handling line as the scope columns of a case: unit, town, county, city → id or None."""
    line: dict[str, int | None] = dict.fromkeys(LINE.values())
    for node in ancestors(organisation):
        column = LINE.get(Level(node.level))
        if column:
            line[column] = node.pk
    return line


def ancestor_at(organisation: Organisation, level: str) -> Organisation | None:
    """The office of a level above (or at) an organisation."""
    return next((node for node in ancestors(organisation) if node.level == level), None)
