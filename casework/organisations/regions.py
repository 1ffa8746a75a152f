"""The regions that federations stand for: whose numbers there are, and whose are shown to somebody unknown."""

from casework.organisations.models import Level, Organisation

MOST = 500


def names() -> dict[str, str]:
    """Region code → name of the federation that stands for it, the widest first; one query."""
    below = [Level.GRASSROOTS, Level.TOWN]
    rows = Organisation.objects.filter(closes_on__isnull=True).exclude(level__in=[*below, Level.NATIONAL])[:MOST]
    wide_first = sorted(rows, key=lambda row: (row.path.count("/"), row.region))
    return {row.region: row.name for row in wide_first}
