"""One household, one dossier (domain §4.6 no. 1, §4.10 ALREADY_OPEN): whoever has an application under way, or a
dossier in force in his own name, is told so and not taken again. What a relative has is for the reviewer to judge
(workflows.likeness)."""
from datetime import date

from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor
from casework.cases.models import Case, State
from casework.core.problems import Problem
from casework.programmes.spec import Programme
from casework.registers import dossiers
from casework.workflows import guards
from casework.workflows.turn import Turn

UNDER_WAY = (State.SUBMITTED, State.SUPPLEMENT, State.ACCEPTED, State.APPROVED)


def problems(turn: Turn) -> list[Problem]:
    """Why this application is not taken. The household of a new case is that of a dossier in force: without one, no
    register is asked again."""
    found = _other_case(turn.programme, turn.case.applicant_id, turn.actor, but=turn.case.pk)
    if found is None and turn.case.household_id is not None:
        found = _entered(turn.programme, turn.case.applicant_id, turn.today)
    return [found] if found is not None else []


def already(programme: Programme, person: int | None, day: date, actor: Actor) -> Problem | None:
    """What a person has of a service that enters households by their need; None for every other service. actor: who is
    told; a number goes to nobody who may not know of the case."""
    if person is None:
        return None
    return _other_case(programme, person, actor) or _entered(programme, person, day)


def _once(programme: Programme) -> bool:
    return bool(programme.classify) and programme.renews is None


def _other_case(programme: Programme, person: int, actor: Actor, but: int | None = None) -> Problem | None:
    """The application under way. but: the case that asks."""
    if not _once(programme):
        return None
    rows = Case.objects.filter(key=programme.key, applicant_id=person, state__in=UNDER_WAY).exclude(pk=but)
    other = rows.select_related("organisation").order_by("pk").first()
    return _under_way(other, actor) if other is not None else None


def _entered(programme: Programme, person: int, day: date) -> Problem | None:
    """The dossier in force in this person's own name."""
    entry = dossiers.in_force(person, day) if _once(programme) else None
    if entry is None or entry.person_id != person:
        return None
    message = _("There is a dossier in force in this name already: %(number)s.") % {"number": entry.number}
    mend = _("What has changed is told at the yearly check of the dossier; aid rests on the dossier there is.")
    return Problem("ALREADY_ENTERED", message, mend=mend)


def _under_way(other: Case, actor: Actor) -> Problem:
    """The number for whoever may know of the case; its page for whoever stands on the applicant's side."""
    if not guards.in_scope(other, actor):
        return Problem("ALREADY_OPEN", _("An application of this person is under way already."),
                       mend=_("Ask the person, or the county federation, to go on with that one."))
    message = _("This application is under way already: %(number)s.") % {"number": other.number}
    link = {"case": str(other.public_id)} if guards.is_applicant(other, actor) else {}
    return Problem("ALREADY_OPEN", message, mend=_("Go on with that case."), params={"number": other.number, **link})
