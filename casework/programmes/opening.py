"""When applications of a service are taken, in words."""
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from casework.programmes.spec import Programme

LEAP_YEAR = 2024  # so that 29 February has a name


def days_of(programme: Programme) -> dict[str, str]:
    """First and last day of a service that is not open all year, as its reader writes days; {} of one that is."""
    if programme.window is None:
        return {}
    pair = (("from", programme.window.first), ("to", programme.window.last))
    return {name: date_format(date(LEAP_YEAR, *day), _("j F")) for name, day in pair}


def told(programme: Programme) -> str:
    """ "Applications are taken from 1 July to 31 August each year.", "" of a service that is open all year."""
    days = days_of(programme)
    return _("Applications are taken from %(from)s to %(to)s each year.") % days if days else ""


def closed(programme: Programme, day: date) -> str:
    """The same, "" while applications are taken."""
    return "" if programme.taken_on(day) else told(programme)
