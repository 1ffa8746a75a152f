"""What follows from an event, in order: rows only, nothing that can fail for outside reasons (design §4)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from casework.access import duties, grants
from casework.access.models import Role, User
from casework.cases import answers as case_answers
from casework.cases import claims
from casework.cases.models import Case, CaseLink, CaseParty
from casework.core.imprint import imprint
from casework.core.problems import Refused
from casework.documents.models import Document
from casework.funds import payments, reservations
from casework.notifications import outbox
from casework.papers import order
from casework.people.models import Consent
from casework.programmes import troubles
from casework.programmes.spec import Step
from casework.workflows import addressees, clocks, failing, first_contact, guards, letters, re_examining, worklist
from casework.workflows.models import DECIDED, Decision, DutyHolder, Hold, Task, Timer
from casework.workflows.turn import Turn, gathers

# The end of the time to supplement, before and after acceptance.
TIME_OVER = Q(action="lapse") | Q(action__endswith=".unanswered")


@gathers
def keep_answers(turn: Turn, prepared: case_answers.Prepared) -> None:
    """Append a revision of a form's answers."""
    case_answers.store(turn.case, prepared, turn.event, turn.now, turn.pile)


@gathers
def attach_documents(turn: Turn, documents: Iterable[Document]) -> None:
    """Files of a draft or a step become files of the case, with the dates that were given for them."""
    alike: dict[tuple[date | None, date | None], list[int]] = {}
    for document in documents:
        alike.setdefault((document.dated, document.valid_until), []).append(document.pk)
    for (dated, until), ids in alike.items():
        turn.pile.change(Document, {"pk": ids, "case": None}, case=turn.case, dated=dated, valid_until=until)


@gathers
def date_papers(turn: Turn, documents: Iterable[Document], column: str, day: date) -> None:
    """The office read another date on these files of the case."""
    ids = [document.pk for document in documents]
    turn.pile.change(Document, {"pk": ids, "case": turn.case.pk}, None, **{column: day})


@gathers
def keep_consents(turn: Turn, kinds: Iterable[str], version: str) -> None:
    """What the applicant agreed to, with the version of the form whose words he read (domain §4.1, §4.8)."""
    for kind in kinds:
        turn.pile.insert(Consent(
            person=turn.case.applicant, kind=kind, notice_version=version, subject=str(turn.case.public_id),
            given_at=turn.now,
        ))


@gathers
def keep_parties(turn: Turn, parties: Iterable[tuple[int, str]]) -> None:
    """Record the co-living members as persons of this case."""
    for person, relation in parties:
        turn.pile.insert(CaseParty(case=turn.case, person_id=person, relation=relation), ignore=True)


def change_parties(turn: Turn, before: Iterable[tuple[int, str]], after: Iterable[tuple[int, str]]) -> None:
    """The co-living members were corrected: who is no member any more is no person of this case."""
    gone = {person for person, _relation in before} - {person for person, _relation in after}
    CaseParty.objects.filter(case=turn.case, person_id__in=gone).delete()
    for person, relation in after:
        CaseParty.objects.update_or_create(case=turn.case, person_id=person, defaults={"relation": relation})


def claim_keys(turn: Turn, keys: Iterable[tuple[str, str]]) -> None:
    """Note what may be granted once and is claimed by this case; what it claimed before and no more is free."""
    claims.claim(turn.case, keys)


def grant_keys(turn: Turn) -> None:
    """What the case claims is taken by its approval."""
    claims.grant(turn.case)


def free_keys(turn: Turn) -> None:
    """The case was refused or withdrawn: others may claim the same."""
    claims.free(turn.case)


def link(turn: Turn, kind: str, target: int) -> None:
    """Link this case to another."""
    CaseLink.objects.get_or_create(kind=kind, source=turn.case, target_id=target)


def decide(turn: Turn, decision: str, opinion: str = "") -> None:
    """Tell in the event who decides what, and ask for the row of it. The step is told by the event's action; another
    version of the programme may give it another name in the row."""
    task, step, actor, duty = turn.task, turn.step, turn.actor, turn.duty
    row = Decision(
        case=turn.case,
        task=task,
        step=step.key if step else turn.command.action,
        round=task.round if task else 1,
        decision=decision,
        duty=step.duty if step else "",
        user_id=actor.user,
        person=actor.person,
        role=duty.role if duty else "",
        organisation_id=duty.organisation if duty else None,
        opinion=opinion,
        at=turn.now,
    )
    turn.facts.setdefault("decisions", []).append(imprint(row, DECIDED))
    turn.then(keep_decision, row=row)


@gathers
def keep_decision(turn: Turn, row: Decision) -> None:
    """Write who decided what, and use up the exclusive duty of the step (promise R4)."""
    row.event = turn.event
    turn.pile.insert(row)
    if row.duty and not turn.actor.system:
        held = {turn.actor.person, turn.duty.for_person if turn.duty else None} - {None}
        for person in sorted(number for number in held if number is not None):
            _hold_duty(turn, person, row.duty)


def _hold_duty(turn: Turn, person: int, duty: str) -> None:
    """Once is enough; a person who holds another duty of this case is refused by the row that stands there."""
    if turn.known is None:
        raise RuntimeError("a decision is written by the door, which has read who holds which duty")
    if (person, duty) not in turn.known.holders:
        turn.pile.insert(DutyHolder(case=turn.case, person=person, duty=duty))


@gathers
def close_task(turn: Turn, task: Task, outcome: str) -> None:
    """Take the task off its desk."""
    worklist.close_task(task, outcome, turn.now, pile=turn.pile)


@gathers
def close_seats(turn: Turn, outcome: str) -> None:
    """The other desks that could still sign the step are not asked any more."""
    if turn.task is not None:
        worklist.close_seats(turn.task, outcome, turn.now, turn.pile)


@gathers
def open_next(turn: Turn, seat: int) -> None:
    """The next desk in turn has the step, in the same round."""
    if turn.task is not None and turn.step is not None:
        worklist.open_next(turn.task, turn.step, seat, turn.now, turn.pile)


@gathers
def note_signature(turn: Turn, phase: str) -> None:
    """Every desk that may sign the step now sees how many have."""
    if turn.task is not None:
        turn.pile.change(Task, {"case": turn.case, "step": turn.task.step, "state": "open"}, phase=phase)


@gathers
def open_task(turn: Turn, step: Step, return_to: str = "") -> None:
    """Put the next step on its desk."""
    worklist.open_task(turn.case, step, turn.now, return_to, turn.pile)
    if step.kind in ("pay", "pay_lawyer"):
        turn.pile.flush()  # a payment names the event
    if step.kind == "pay":
        payments.queue_payment(turn.case, turn.event, turn.now)
        issue(turn, "approval_notice")
        issue(turn, "approval_form")
        tell(turn, "approved")
    elif step.kind == "pay_lawyer":
        payments.queue_payment(turn.case, turn.event, turn.now)


def reopen_task(turn: Turn, step: Step, return_to: str) -> None:
    """Put a step that erred on its desk again; when it is done the case comes back to return_to."""
    task = worklist.open_task(turn.case, step, turn.now, return_to)
    if not step.options.get("also"):  # who signed last is one of several
        tell_last_holder(turn, task)


def tell_last_holder(turn: Turn, task: Task) -> None:
    """A returned step goes back to whoever did it, if he still may; he is told. A visit needs two, so nobody holds it
    alone."""
    rows = Decision.objects.filter(case=turn.case, step=task.step, user__isnull=False).select_related("user")
    last = rows.order_by("-id").first()
    if last is not None and last.user is not None and guards.able(task, last.user, turn.now):
        if task.kind != "visit":
            task.assignee = last.user
            task.save(update_fields=["assignee"])
        outbox.tell(turn.case, turn.event, "case_returned_step", [last.user], letters.common(turn), turn.now)


@gathers
def end_case(turn: Turn, outcome: str) -> None:
    """Clear every desk, timer, hold and notice; the case is closed to whom it was opened for its work."""
    worklist.close_all(turn.case, outcome, turn.now, turn.pile, turn.task)
    if turn.case.facts.get("lawyer"):
        close_to(turn, user=int(turn.case.facts["lawyer"]))


def open_to(turn: Turn, user: User) -> None:
    """This case, and no other, is opened to a person for his work on it."""
    grants.open_to(user, Case.objects.get(pk=turn.case.pk))


def close_to(turn: Turn, user: int) -> None:
    """It is closed to him again."""
    grants.take_back(user, turn.case.pk)


def tell_payee(turn: Turn, template: str) -> None:
    """Tell whom the money of the case goes to, where that is not the applicant: he earned it in his office."""
    account = turn.case.account
    users = list(User.objects.filter(person_id=account.person_id, is_active=True)) if account else []
    outbox.tell(turn.case, turn.event, template, users, letters.common(turn), turn.now)


def note_trouble(turn: Turn, refusal: Refused) -> None:
    """A rule could not be worked out at submission: somebody is to mend it before the case is accepted."""
    failing.note(turn.case, refusal, turn.now)


@gathers
def mend_trouble(turn: Turn) -> None:
    """The rules of the case could be worked out."""
    troubles.mend_with(turn.pile, turn.case.public_id, turn.now)


def clear_desks(turn: Turn) -> None:
    """The matter begins anew: what is open now is closed."""
    worklist.close_all(turn.case, "reopened", turn.now)


def lengthen(turn: Turn, days: int) -> None:
    """The limit of the step ends later at every desk that has it, and its timers with it."""
    if turn.task is None or turn.step is None:
        return
    for task in Task.objects.filter(case=turn.case, step=turn.task.step, state="open"):
        worklist.lengthen(task, days, turn.step)


def tell_role(turn: Turn, role: str, template: str) -> None:
    """Tell whoever holds a role for the desk of this task, or above it."""
    place = turn.task.organisation if turn.task else turn.case.organisation
    outbox.tell(turn.case, turn.event, template, holders_of(role, place.path, turn), letters.common(turn), turn.now)


def release_money(turn: Turn) -> None:
    """Give reserved money back to its fund."""
    reservations.release(turn.case, turn.event, turn.now)


def reserve_money(turn: Turn, plan: reservations.Plan) -> None:
    """Set the approved amount aside."""
    reservations.reserve(plan, turn.case, turn.event, turn.now)


def correct_payment(turn: Turn) -> None:
    """After a return by the bank: a new payment to the new account."""
    returned = turn.case.payments.filter(state="returned").order_by("-id").first()
    if returned is not None and turn.case.account is not None:
        payments.correct_account(returned, turn.case.account, turn.event, turn.now)


def pause(turn: Turn, reason: str, max_wd: int, timer: str = "") -> None:
    """Stop the clocks, at most for max_wd working days; timer: action that fires when the maximum has passed."""
    if turn.task is None:
        return
    hold = clocks.pause(turn.case, turn.task, reason, max_wd, turn.now)
    if timer and hold.max_until is not None:
        worklist.set_timer(turn.task, timer, hold.max_until)


def give_time(turn: Turn, hold: Hold, days: int) -> None:
    """The applicant has longer to supplement, and what would come at the end of the time comes later."""
    if hold.max_until is None:
        return
    hold.max_until = clocks.longer(hold.max_until, days)
    hold.save(update_fields=["max_until"])
    Timer.objects.filter(TIME_OVER, case=turn.case, state="set").update(due_at=hold.max_until)


@gathers
def set_phase(turn: Turn, phase: str) -> None:
    """Note where a step with inner stages stands."""
    if turn.task is not None:
        turn.task.phase = phase
        turn.pile.update(turn.task, "phase")


@gathers
def tell(turn: Turn, template: str, params: dict[str, Any] | None = None) -> None:
    """Tell the applicant, and whoever filed for him."""
    told, template = letters.common(turn) | (params or {}), re_examining.template_for(turn, template)
    outbox.tell(turn.case, turn.event, template, addressees.of_applicant(turn), told, turn.now, turn.pile)


@gathers
def issue(turn: Turn, kind: str) -> None:
    """Order a letter; a worker makes the PDF."""
    if kind not in letters.FROM_THE_CASE:
        turn.pile.flush()
    order.order(
        kind, turn.case, turn.event, letters.content(kind, turn), turn.now, organisation=letters.office_of(turn),
        pile=turn.pile,
    )


@gathers
def assign(turn: Turn, user: int | None) -> None:
    """Note who holds the task."""
    if turn.task is not None:
        turn.task.assignee_id = user
        turn.pile.update(turn.task, "assignee")


def give_to(turn: Turn, step: str, user: User) -> None:
    """The step that has just opened lies with one person, who is told."""
    task = Task.objects.filter(case=turn.case, step=step, state="open").first()
    if task is not None:
        task.assignee = user
        task.save(update_fields=["assignee"])
    outbox.tell(turn.case, turn.event, "task_given", [user], letters.common(turn), turn.now)


def back_to_desk(turn: Turn) -> None:
    """The supplement arrived: the step that asked goes on where it stood, and the end of the time no longer comes."""
    Task.objects.filter(case=turn.case, state="open", phase="waiting").update(phase="")
    Timer.objects.filter(TIME_OVER, case=turn.case, state="set").update(state="cancelled")


def pay_again(turn: Turn) -> None:
    """The payment task goes on with the new account."""
    Task.objects.filter(case=turn.case, state="open", kind="pay", phase="returned").update(phase="")


def resume(turn: Turn, reason: str) -> None:
    """The clock runs on; the case's own dates were already moved in the turn."""
    steps = {step.key: step for step in turn.programme.steps()}
    worklist.resume(turn.case, reason, turn.now, steps)


def tell_overdue(turn: Turn) -> None:
    """The holder of a late task is told, or everyone who could take it; and the supervisor of the place. A holder who
    lost the role since gives the task back to the common queue."""
    if turn.task is None:
        return
    holder = turn.task.assignee
    if holder is not None and not guards.able(turn.task, holder, turn.now):
        assign(turn, None)
        holder = None
    holders = [holder] if holder else holders_of(turn.task.role, turn.task.organisation.path, turn)
    county = turn.case.county or turn.case.organisation
    watching = holders_of(Role.SUPERVISOR, county.path, turn)
    first = first_contact.owner(turn.case)
    watching += [first] if first else []
    params = letters.common(turn) | {
        "step": turn.step.title.zh if turn.step else "",
        "step_en": turn.step.title.en if turn.step else "",
    }
    outbox.tell(turn.case, turn.event, "task_overdue", {*holders, *watching}, params, turn.now)


def holders_of(role: str, path: str, turn: Turn) -> list[User]:
    """At most ten users who hold a role for this place now, the nearest first."""
    return duties.holders(role, path, turn.now)[:10]
