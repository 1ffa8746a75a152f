"""Who may do what: scope, authority, recusal, separation of duties. Checks return problems; only the door raises."""
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor, Duty
from casework.access.duties import actor_of, covers
from casework.access.models import Role, User
from casework.cases import queries as case_queries
from casework.cases.models import Case, State
from casework.core.problems import Problem, Words
from casework.core.text import listed
from casework.people.kin import related_ids
from casework.programmes.spec import Step
from casework.workflows.models import DutyHolder, Task

# Roles that may read the cases of their subtree. The administrator is not among them (promise R7).
READING_ROLES = frozenset({
    Role.UNIT_HANDLER, Role.UNIT_CHAIR, Role.ORGANISER, Role.WINDOW_CLERK, Role.CASE_OFFICER, Role.INVESTIGATOR,
    Role.REVIEWER, Role.APPROVER, Role.PROVINCE_APPROVER, Role.FINANCE_OFFICER, Role.CASHIER, Role.AUDITOR,
    Role.SUPERVISOR, Role.PUBLICITY_OFFICER,
})
# Roles that may read the cases in which a task is or was theirs, and no others.
TASK_ROLES = frozenset({
    Role.HOTLINE_AGENT, Role.PETITION_OFFICER, Role.LEGAL_OFFICER, Role.ASSESSOR, Role.EMPLOYER_REP, Role.TRAINER,
})
# Roles that see and work on the cases opened to them one by one, and no others, wherever in the tree they are listed.
GRANTED_ROLES = frozenset({Role.LAWYER})
# Ways on which an officer writes down the matter of somebody else; he is no party to it.
OFFICE_VIAS = ("window", "hotline")
# Duties that bar the person who filed the case from deciding it.
NOT_FOR_FILER = frozenset({"visit", "review", "approve", "pay"})
DUTY_WORDS: dict[str, Words] = {
    "file": _("Filing"), "accept": _("Completeness check"), "visit": _("Home visit"), "review": _("Review"),
    "approve": _("Approval"), "pay": _("Payment"),
}


def is_applicant(case: Case, actor: Actor) -> bool:
    """The applicant himself, or the person who filed for him; an officer who wrote the matter down hands it in, and is
    no party to it afterwards. Who acts for a union or an office is it as long as he holds that duty (promise R6)."""
    if _in_person(case, actor):
        return True
    return on_his_side(case, actor) and filed(case, actor)


def on_his_side(case: Case, actor: Actor) -> bool:
    """Does a person who may read the case stand on the applicant's side of it?"""
    if _in_person(case, actor):
        return True
    at_office = case.via in OFFICE_VIAS and case.state != State.DRAFT and not case.for_office
    return actor.user is not None and actor.user == case.filed_by_id and not at_office


def _in_person(case: Case, actor: Actor) -> bool:
    """Is it his own matter?"""
    return actor.himself is not None and actor.himself == case.applicant_id and not case.for_office


def filed(case: Case, actor: Actor) -> bool:
    """Did he file it? Then he may read it: whoever met the person first stays in the picture (domain §2), as long as
    he holds the duty he filed it under (promise R6). While it is being handed in, intake has seen to that."""
    if actor.user is None or actor.user != case.filed_by_id:
        return False
    return case.state == State.DRAFT or Case.objects.filter(case_queries.filed(actor), pk=case.pk).exists()


def by_task(actor: Actor) -> Q:
    """Condition for cases in which a task is or was the actor's, in a role that reads no others."""
    found = Q(pk__in=())
    for duty in actor.duties:
        if duty.role in TASK_ROLES:
            rows = Task.objects.filter(role=duty.role, organisation__path__startswith=duty.path)
            found |= Q(pk__in=rows.values("case_id"))
    return found


def in_scope(case: Case, actor: Actor) -> bool:
    """May the actor know that this case exists? Outsiders get 404 and learn nothing (promise R2)."""
    if actor.system or is_applicant(case, actor) or filed(case, actor) or case.pk in actor.granted:
        return True
    path = case.organisation.path
    if any(duty.role in READING_ROLES and covers(duty, path) for duty in actor.duties):
        return True
    duties = [duty for duty in actor.duties if duty.role in TASK_ROLES]
    desks = Task.objects.filter(case=case, role__in={duty.role for duty in duties}) if duties else Task.objects.none()
    return any(
        duty.role == role and covers(duty, place)
        for role, place in desks.values_list("role", "organisation__path").distinct() for duty in duties
    )


def duty_for(task: Task, actor: Actor, role: str = "") -> Duty | None:
    """The duty that lets the actor do this task: the step's role, held at the step's level, covering its desk. role:
    another role at the same desk, for a choice that is not the step's own. Whoever works only on what was opened to
    him needs that, at whatever level he is listed."""
    wanted, path = role or task.role, task.organisation.path
    named = wanted in GRANTED_ROLES
    if named and task.case_id not in actor.granted:
        return None
    for duty in actor.duties:
        if duty.role == wanted and (named or duty.level == task.level) and covers(duty, path):
            return duty
    return None


def able(task: Task, user: User, now: datetime) -> bool:
    """May this user still do the task? A role ends, a login is closed, and the task must not stay with him."""
    return duty_for(task, actor_of(user, now)) is not None


def kept_by_another(task: Task, actor: Actor, now: datetime) -> bool:
    """Does a colleague work on the task who still may?"""
    holder = task.assignee if task.assignee_id not in (None, actor.user) else None
    return holder is not None and able(task, holder, now)


def concerned(case: Case) -> set[int]:
    """The persons whose relatives must not decide: applicant, co-living members, household of the dossier. Whoever
    plans a campaign gets nothing by it: its lines are cases with persons of their own."""
    persons = set(case.parties.values_list("person_id", flat=True))
    if case.life != "campaign":
        persons.add(case.applicant_id)
    if case.household is not None:
        persons |= set(case.household.members.filter(valid_to__isnull=True).values_list("person_id", flat=True))
    return persons


def recusal(case: Case, actor: Actor, related: Collection[int] | None = None) -> list[Problem]:
    """Nobody decides a case of himself, a relative or his household (domain §1; promise R5). related: the concerned and
    their relatives, where the door has read them under the lock."""
    if actor.system:
        return []
    if actor.person is None:  # whose relative he is nobody can tell
        return [Problem("NO_PERSON", _("Your login is not linked to a person yet."))]
    if actor.persons & set(related_ids(concerned(case)) if related is None else related):
        return [
            Problem(
                "RECUSED",
                _("You are related to a person of this case, so you may not handle it."),
                mend=_("A colleague with the same role takes it; an attempt would be recorded."),
            )
        ]
    return []


def same_hands(case: Case, step: Step, actor: Actor, holders: Iterable[tuple[int, str]] | None = None) -> list[Problem]:
    """Acceptance, visit, review, approval and payment lie in different hands, counted by person (promise R4)."""
    if not step.duty or not actor.persons:
        return []
    if holders is None:
        holders = DutyHolder.objects.filter(case=case).values_list("person", "duty")
    other = sorted({duty for person, duty in holders if person in actor.persons and duty != step.duty})
    filer = case.filed_by.person_id
    if step.duty in NOT_FOR_FILER and filer is not None and filer in actor.persons:
        other.append("file")
    if other:
        return [
            Problem(
                "SAME_HANDS",
                _("You already acted on this case in another duty (%(duty)s); this step needs another person.")
                % {"duty": listed(DUTY_WORDS.get(duty, duty) for duty in other)},
                mend=_("Leave the task to a colleague with the same role."),
            )
        ]
    return []
