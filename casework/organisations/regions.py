"""The regions that federations stand for: whose numbers there are, and whose are shown to somebody unknown."""

from django.db.models import Value
from django.db.models.functions import Length, Replace

from casework.organisations import tree
from casework.organisations.models import Level

MOST = 500
DEPTH = Length("path") - Length(Replace("path", Value("/")))  # ids in a path are of any length


def names() -> dict[str, str]:
    """Region code → name of the federation that stands for it, the widest first; one query."""
    below = [Level.GRASSROOTS, Level.TOWN]
    rows = tree.open_today().exclude(level__in=[*below, Level.NATIONAL])
    found: dict[str, str] = {}
    for row in rows.order_by(DEPTH, "region", "pk")[:MOST]:
        found.setdefault(row.region, row.name)
    return found
