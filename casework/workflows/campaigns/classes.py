"""Training classes: which take enrolments, their seats and waiting list, attendance and results (domain §5.3).

An enrolment is a line of its class; place: selected = it holds a seat, standby = it waits for one, dropped = it gave
its seat or its waiting back. Seats are counted under a lock on the class, so that it is never over-booked.
"""

import uuid
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from casework.cases import answers as case_answers
from casework.cases.models import ENDED, Case, CaseLink, State
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Problem
from casework.core.text import Text
from casework.forms.kinds.listed import LISTINGS, Listing
from casework.workflows.models import CampaignLine, QueuedCommand, Task
from casework.workflows.turn import Turn

KEY = "training_class"
MOST = 50
SEAT, STANDBY, DROPPED = "selected", "standby", "dropped"
ATTENDANCE_LEAST, PASS_MARK = 80, 60


def takes_on(campaign: Case, day: date) -> bool:
    """Does a class take enrolments on a day?"""
    return campaign.state == State.OPEN and day <= date.fromisoformat(str(campaign.facts["enrol_until"]))


def open_classes() -> list[tuple[str, str]]:
    """Classes that take enrolments today, the newest first, with the seats that are left."""
    rows = Case.objects.filter(key=KEY, state=State.OPEN).order_by("-pk")[:MOST]
    today = local_date(clock.now())
    taking = [row for row in rows if takes_on(row, today)]
    return [(str(row.public_id), f"{name_of(row)} {_left_words(seats_left(row))}") for row in taking]


def _left_words(left: int) -> str:
    if not left:
        return str(Text("名额已满，可候补", "full, waiting list"))
    return str(Text(f"余 {left} 个名额", f"{left} seats left"))


def name_of(campaign: Case) -> str:
    """The course of a class with its number."""
    return f"{case_answers.shown(campaign).get('course', '')}（{campaign.number}）"


def find(value: object) -> Case | None:
    """The class of a public id."""
    try:
        return Case.objects.filter(key=KEY, public_id=uuid.UUID(str(value))).first()
    except ValueError:
        return None


def words(value: str) -> str:
    """The name of a class, also when it is over."""
    campaign = find(value)
    return name_of(campaign) if campaign else ""


def takes(value: str, day: date) -> bool:
    """Does the class of this public id take enrolments on a day?"""
    campaign = find(value)
    return campaign is not None and takes_on(campaign, day)


LISTINGS["open_classes"] = Listing(open_classes, words, takes)


def seats_left(campaign: Case) -> int:
    """Seats that nobody holds."""
    held = CampaignLine.objects.filter(campaign=campaign, place=SEAT).count()
    return max(0, int(campaign.facts["seats"]) - held)


def waiting(campaign: Case) -> int:
    """How many wait for a seat."""
    return CampaignLine.objects.filter(campaign=campaign, place=STANDBY).count()


def locked(case: Case) -> Case:
    """The class of an enrolment, locked to the end of the transaction."""
    return Case.objects.select_for_update(of=("self",)).get(lines__case=case)


def problems(turn: Turn, answers: dict[str, Any]) -> list[Problem]:
    """The class is of the county one enrols in, still takes enrolments, and one enrols once."""
    campaign = find(answers["training"]) if answers.get("training") else None
    if campaign is None:
        return []
    if turn.case.county_id != campaign.county_id:
        message, mend = _("This class is held by another county."), _("Choose its federation, or another class.")
        return [Problem("OTHER_COUNTY", message, place="training", mend=mend)]
    mine = CampaignLine.objects.filter(campaign=campaign, person=turn.case.applicant).exclude(case__state__in=ENDED)
    if mine.exists():
        return [Problem("ENROLLED_ALREADY", _("You are enrolled in this class already."), place="training")]
    return []


def join(turn: Turn, answers: dict[str, Any]) -> None:
    """The enrolment stands on the list of its class; it has no seat yet."""
    campaign = find(answers["training"])
    if campaign is None:
        raise RuntimeError("the form was read against the open classes")
    CampaignLine.objects.create(
        campaign=campaign, case=turn.case, person=turn.case.applicant, organisation=turn.case.organisation,
        county=turn.case.county, year=turn.today.year, state="made",
    )
    CaseLink.objects.get_or_create(kind="line_of", source=turn.case, target=campaign)


def set_place(turn: Turn, place: str) -> None:
    """The enrolment gets a seat, or waits for one."""
    CampaignLine.objects.filter(case=turn.case).update(place=place)


def seat_freed(turn: Turn) -> None:
    """An enrolment ended: while the class is open, whoever waits longest gets its seat."""
    campaign = locked(turn.case)
    line = CampaignLine.objects.get(case=turn.case)
    had, line.place = line.place, DROPPED
    line.save(update_fields=["place"])
    following = CampaignLine.objects.filter(campaign=campaign, place=STANDBY).exclude(case__state__in=ENDED)
    first = following.order_by("id").first() if had == SEAT and campaign.state == State.OPEN else None
    if first is not None:
        tell(turn, first, "enrol", "moved_up")


def tell(turn: Turn, line: CampaignLine, kind: str, choice: str, **answers: Any) -> None:
    """Queue a move of an enrolment at a step of this kind."""
    task = Task.objects.filter(case__line=line, kind=kind, state="open").first()
    if task is not None:
        QueuedCommand.objects.get_or_create(
            key=f"class:{task.pk}:{choice}:{turn.event.n}",
            defaults={
                "case_id": task.case_id, "action": f"{task.step}.{choice}", "answers": answers, "due_at": turn.now,
            },
        )


def drop_waiting(turn: Turn) -> None:
    """The list is closed: nobody waits any more."""
    for line in CampaignLine.objects.filter(campaign=turn.case, place=STANDBY).exclude(case__state__in=ENDED):
        tell(turn, line, "enrol", "dropped")


def pupils(campaign: Case) -> list[CampaignLine]:
    """Who holds a seat and has not left, by number of the line."""
    rows = CampaignLine.objects.filter(campaign=campaign, place=SEAT).exclude(case__state__in=ENDED)
    return list(rows.select_related("person", "case").order_by("id"))


def unseated(campaign: Case) -> int:
    """Enrolments that are still being checked."""
    rows = CampaignLine.objects.filter(campaign=campaign, place="").exclude(case__state__in=ENDED)
    return rows.count()


def attendance(campaign: Case, line: int) -> int:
    """Per cent of the sessions a person was present at, rounded down."""
    sessions = campaign.facts.get("sessions") or []
    there = sum(line not in session["absent"] for session in sessions)
    return there * 100 // len(sessions) if sessions else 0


class Result(NamedTuple):
    """What came of one enrolment. score: None for who was absent at the exam. code: why it failed, "" if it did not."""

    line: CampaignLine
    score: int | None
    percent: int
    code: str


def result_of(campaign: Case, line: CampaignLine, score: int | None) -> Result:
    """A certificate needs 80 per cent of the sessions and 60 marks (domain §5.3, §5.7)."""
    percent = attendance(campaign, line.pk)
    code = "ATTENDANCE_LOW" if percent < ATTENDANCE_LEAST else "EXAM_FAILED" if (score or 0) < PASS_MARK else ""
    return Result(line, score, percent, code)


def publish(turn: Turn, results: list[Result]) -> None:
    """Each enrolment is told its result by a queued command."""
    for row in results:
        told = {"score": row.score, "percent": row.percent}
        if row.code:
            tell(turn, row.line, "lessons", "failed", code=row.code, **told)
        else:
            tell(turn, row.line, "lessons", "passed", **told)
