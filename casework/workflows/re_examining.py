"""A refusal is looked at again once, by the next level and by other people (domain §4.3). The re-examination is a case
of its own, linked to the refused one; what it brings about there is a queued command, see upholding.py (design §3)."""
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor, Duty
from casework.access.duties import covers
from casework.access.models import Role
from casework.audit.models import Event
from casework.cases.models import Case, CaseLink, State
from casework.core.calendar import add_calendar_days, local_date
from casework.core.problems import Problem
from casework.organisations.models import Level, Organisation
from casework.programmes import versions
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from casework.programmes.reasons import DENIALS, NOT_ACCEPTED
from casework.programmes.spec import Programme, Step
from casework.workflows import guards, statements
from casework.workflows.models import Decision, DutyHolder, QueuedCommand, Task
from casework.workflows.turn import Turn, gathers

LINK = "appeal_of"
LETTER = "re_examination_decision"
REFUSED = (State.DENIED, State.NOT_ACCEPTED)
# What these offices refuse the city looks at again; above it nobody works with this house.
BELOW = (Level.GRASSROOTS, Level.TOWN, Level.COUNTY)
ASKED, UPHELD, ENDED = "re_examination_asked", "re_examination_upheld", "re_examination_ended"
# It comes once: the end of a re-examination is told in other words, and so is a second refusal of a case after it.
OF_ITSELF = {
    "denied": "re_examination_dismissed", "not_accepted": "re_examination_not_accepted",
    "withdrawn": "re_examination_withdrawn", "lapsed": "re_examination_withdrawn",
}
AFTER_IT = {"denied": "denied_finally"}


class Refusal(NamedTuple):
    """Where, when and by which decision a case was refused. step: "" where no step tells it."""

    event: Event
    on: date
    step: str
    decision: str
    task: Task | None
    office: Organisation


def refused_case(case: Case) -> Case | None:
    """The refused case that this one looks at again."""
    row = CaseLink.objects.filter(kind=LINK, source=case).select_related(
        "target__programme", "target__applicant", "target__organisation", "target__city", "target__filed_by"
    ).first()
    return row.target if row else None


def re_examination_of(case: Case) -> Case | None:
    """The re-examination of a refused case, None where none was asked for."""
    row = CaseLink.objects.filter(kind=LINK, target=case).select_related("source__programme").first()
    return row.source if row else None


def refusal_of(case: Case) -> Refusal | None:
    """The last refusal of a case; None where it never was refused."""
    ended = Q(data__after__state=str(State.DENIED)) | Q(data__after__state=str(State.NOT_ACCEPTED))
    event = Event.objects.filter(ended, subject_kind="case", subject_id=str(case.public_id)).order_by("-n").first()
    if event is None:
        return None
    rows = Decision.objects.filter(event=event).select_related("task__organisation")
    row = rows.first()
    task = row.task if row else None
    step, decision = (row.step, row.decision) if row else (str(event.data.get("step") or ""), "")
    office = task.organisation if task else case.organisation
    return Refusal(event, local_date(event.at), step, decision, task, office)


def service(day: date) -> ProgrammeVersion | None:
    """The service in force on a day that looks at refusals again."""
    return next((row for row in versions.all_current(day) if programme_of(row).re_examines), None)


def above(case: Case, office: Organisation) -> Organisation | None:
    """The federation that looks at a refusal by this office again, None where there is none above it."""
    return case.city if office.level in BELOW and case.city is not None else office.parent


def possible(case: Case) -> bool:
    """May this refusal be put before the city here, apart from its time? Not one that has a second look of its own, nor
    one that is itself the second look; and what the city refused goes to the province, in writing."""
    programme = programme_of(case.programme)
    if case.life != "application" or case.state not in REFUSED or programme.re_examines or case.city_id is None:
        return False
    if case.outcome not in {*DENIALS, *NOT_ACCEPTED} or statements.reviewed(programme):
        return False
    refusal = refusal_of(case)
    return refusal is not None and refusal.office.level in BELOW


def last_day(case: Case, programme: Programme) -> date | None:
    """The last day on which a re-examination may be asked for: so many calendar days from the day after the refusal,
    moved on from a day off (domain §4.2)."""
    refusal = refusal_of(case)
    return add_calendar_days(refusal.on, programme.re_examines) if refusal else None


def barred(case: Case, programme: Programme, day: date) -> list[Problem]:
    """Why a re-examination of this case cannot be asked for on a day. programme: the service that looks again."""
    asked = re_examination_of(case)
    if asked is not None:
        message = _("A re-examination was asked for already: %(number)s. It comes once for each refusal.")
        return [Problem("ASKED_ALREADY", message % {"number": asked.number}, mend=_("Follow that case."))]
    if not possible(case):
        message = _("There is no refusal here that could be looked at again.")
        return [Problem("NOTHING_REFUSED", message, mend=_("The letter says where to turn."))]
    last = last_day(case, programme)
    if last is not None and day > last:
        message = _("The time to ask for a re-examination of %(case)s ended on %(day)s.")
        mend = _("You may apply again if your circumstances have changed.")
        told = {"case": case.number, "day": date_format(last, "DATE_FORMAT")}
        return [Problem("LIMIT_PASSED", message % told, mend=mend)]
    return []


def starter(programme: Programme, case: Case, actor: Actor) -> Duty | None:
    """The duty with which an officer at a window writes down what somebody asks for at his desk."""
    held = [duty for duty in actor.duties if duty.role != Role.UNIT_HANDLER and covers(duty, case.organisation.path)]
    return next((duty for duty in held if programme.may_start(duty.role, duty.level)), None)


def may_ask(programme: Programme, case: Case, actor: Actor) -> bool:
    """The person himself, whoever filed for him, and the window that writes it down for him."""
    return guards.is_applicant(case, actor) or starter(programme, case, actor) is not None


def template_for(turn: Turn, template: str) -> str:
    """The message that tells the person what this one would tell of any other case."""
    if turn.programme.re_examines:
        return OF_ITSELF.get(template, template)
    return AFTER_IT.get(template, template) if turn.case.facts.get("upheld") else template


def final(turn: Turn) -> bool:
    """Can a refusal of this case be put before nobody any more?"""
    return bool(turn.programme.re_examines or turn.case.facts.get("upheld"))


def unfounded(turn: Turn) -> list[Problem]:
    """A re-examination begins from a refused case and from nothing else."""
    if not turn.programme.re_examines or refused_case(turn.case) is not None:
        return []
    message = _("A re-examination begins from the page of the refused application.")
    return [Problem("NOTHING_REFUSED", message, mend=_("Open the refused application and ask for it there."))]


def parties(case: Case) -> list[tuple[int, str]]:
    """The persons the refused case is about: their relatives keep out of its re-examination, too."""
    refused = refused_case(case)
    return list(refused.parties.values_list("person_id", "relation")) if refused else []


def other_eyes(case: Case, programme: Programme, step: Step, actor: Actor) -> list[Problem]:
    """Nobody who acted in the refused case decides in its re-examination; and whoever refused does not get that step
    again once the refusal was found wrong. Counted by person (domain §4.3: a different officer)."""
    if programme.re_examines:
        refused = refused_case(case)
        found = refused is not None and bool(actor.persons & _acted(refused))
        message = _("You acted in the case that was refused; somebody else looks at it again.")
    else:
        found = bool(case.facts.get("upheld")) and bool(actor.persons & _refusers(case, step))
        message = _("You refused this case at this step, and that was found wrong; another person decides now.")
    mend = _("Leave the task to a colleague with the same role.")
    return [Problem("SAME_HANDS", message, mend=mend)] if found else []


def _acted(refused: Case) -> set[int]:
    """Whoever decided anything in it, under whatever login or for whom, and the officer who wrote it down."""
    persons = _known(Decision.objects.filter(case=refused).values_list("person", flat=True))
    persons |= _known(DutyHolder.objects.filter(case=refused).values_list("person", flat=True))
    persons |= _known([refused.filed_by.person_id])
    return persons - {refused.applicant_id}


def _refusers(case: Case, step: Step) -> set[int]:
    refusal = refusal_of(case)
    if refusal is None or refusal.step != step.key:
        return set()
    rows = Decision.objects.filter(case=case, step=step.key, decision=refusal.decision)
    return _known(rows.values_list("person", flat=True))


def _known(persons: Iterable[int | None]) -> set[int]:
    return {person for person in persons if person is not None}


@gathers
def tell_refused(turn: Turn, action: str) -> None:
    """Queue what the refused case is to be told: that it is looked at again, or what came of it."""
    link = CaseLink.objects.filter(kind=LINK, source=turn.case).first()
    if link is not None:
        turn.pile.insert(QueuedCommand(
            case_id=link.target_id, action=action, key=f"{action}:{turn.case.pk}", due_at=turn.now,
            answers={"number": turn.case.number, "state": str(turn.case.state)},
        ))
