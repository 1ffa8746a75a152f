"""The services on offer, and what one needs for each."""
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from casework.access.models import Role
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Words
from casework.portal import region
from casework.portal.story import step_plan
from casework.programmes import opening, parameters, wording
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from casework.programmes.spec import Programme
from casework.registers import dossiers, entries
from casework.registers.models import Entry
from casework.site.families import FAMILIES
from casework.site.offices import duties_told, unions_handled
from casework.site.policy import actor_of_request, public

WAYS: dict[str, Words] = {
    "online": gettext_lazy("Apply online"), "window": gettext_lazy("At the window of the help centre"),
    "assisted": gettext_lazy("With the help of your union"),
}
ICONS = {"hardship_dossier": "folder", "living_aid": "home", "medical_aid": "medical", "tuition_aid": "cap"}


def in_force(today: date) -> list[ProgrammeVersion]:
    """The version of each service that new applications come under today."""
    newest: dict[str, ProgrammeVersion] = {}
    for row in ProgrammeVersion.objects.filter(effective_from__lte=today).order_by("key", "version"):
        newest[row.key] = row
    return list(newest.values())


def version_in_force(key: str, today: date) -> ProgrammeVersion:
    """One of them. Raises Http404."""
    rows = ProgrammeVersion.objects.filter(key=key, effective_from__lte=today)
    row = rows.order_by("-version").first()
    if row is None:
        raise Http404
    return row


def giving(register: str, today: date) -> Programme | None:
    """The service through which one comes to stand in a register: the one that gives its entries, or bears its name."""
    offered = [programme_of(row) for row in in_force(today)]
    given = (programme for programme in offered if programme.gives and programme.gives.register == register)
    named = (programme for programme in offered if programme.key == register)
    return next(given, None) or next(named, None)


def open_to_people(programme: Programme) -> bool:
    """Do people, or the handlers of their unions, file it themselves? What an office starts is not on offer, nor what
    begins from a refusal."""
    return not programme.re_examines and (
        programme.may_start(Role.APPLICANT) or programme.may_start(Role.UNIT_HANDLER)
    )


def begins(programme: Programme, today: date) -> bool:
    """Can an application be begun on these pages today?"""
    return programme.online and not programme.re_examines and programme.taken_on(today)


def _ways(programme: Programme) -> list[Words]:
    """The channels a person may use."""
    return [words for channel, words in WAYS.items() if channel in programme.channels]


def icon_of(programme: Programme) -> str:
    """The picture on the card of a service."""
    return ICONS.get(programme.key) or FAMILIES.get(programme.family, ("", "paper"))[1]


@public
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """All services as cards, family by family."""
    families: dict[str, list[dict[str, object]]] = {}
    for row in in_force(local_date(clock.now())):
        programme = programme_of(row)
        if not open_to_people(programme):
            continue
        card = {"programme": programme, "icon": icon_of(programme), "opening": opening.told(programme)}
        families.setdefault(programme.family, []).append(card)
    order = [*FAMILIES, *(family for family in families if family not in FAMILIES)]
    shown = [(FAMILIES.get(family, (family, ""))[0], families[family]) for family in order if family in families]
    return render(request, "portal/catalogue.html", {"families": shown})


def entry_of(person: int | None, register: str, today: date) -> Entry | None:
    """The entry in the register a service rests on that the person, or his household, has already."""
    if person is None or not register:
        return None
    if register == dossiers.KIND:
        return dossiers.in_force(person, today)
    return entries.of_person(register, person, today)


@public
@require_safe
def programme(request: HttpRequest, key: str) -> HttpResponse:
    """What one service is, who may apply, what is needed, how long it takes, how the amount is found."""
    today = local_date(clock.now())
    row = version_in_force(key, today)
    found = programme_of(row)
    return render(request, "portal/programme.html", {
        "programme": found, "version": row, "icon": icon_of(found), "steps": step_plan(found),
        "may": _may(request, found) if begins(found, today) or not open_to_people(found) else "closed",
        "ways": _ways(found), "opening": opening.told(found),
        "duties": duties_told(unions_handled(actor_of_request(request))),
        "needs": giving(found.needs, today) if found.needs else None,
        "stands": entry_of(actor_of_request(request).himself, found.needs, today), **_figures(request, found, today),
    })


def _figures(request: HttpRequest, programme: Programme, today: date) -> dict[str, object]:
    """The texts of a service with the figures of the reader's place, and that place where there are any."""
    keys = wording.keys_in(programme)
    if not keys:
        return {"who": programme.who, "how_much": programme.how_much}
    place = region.of_reader(request)
    numbers = parameters.entered(keys, place.region, today)
    who = [wording.filled(text, numbers) for text in programme.who]
    return {"who": who, "how_much": wording.filled(programme.how_much, numbers), "place": place}


def _may(request: HttpRequest, programme: Programme) -> str:
    """Which button the page offers: to log in, to apply, to file for members or for the union, or none.
    An office's login applies for nobody himself."""
    actor = actor_of_request(request)
    if programme.re_examines:
        return "refusal"
    if actor.user is None:
        return "visitor" if open_to_people(programme) else "office"
    if not actor.duties and not actor.of_office:
        return "self" if programme.may_start(Role.APPLICANT) else "office"
    if any(duty.role == Role.UNIT_HANDLER for duty in actor.duties) and programme.may_start(Role.UNIT_HANDLER):
        return "unit" if programme.for_unit else "handler"
    return "staff"
