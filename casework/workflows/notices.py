"""Public notices as rows: hung, stopped by an objection, run on, replaced, taken down (domain §4.4)."""
from casework.core.calendar import due_moment, local_date, working_days_between
from casework.workflows import flow, worklist
from casework.workflows.models import Objection, PublicNotice, Timer
from casework.workflows.turn import Turn

Rows = list[dict[str, str]]
# An objection is examined within ten working days (domain §4.4).
EXAMINE_WD = 10


def write(turn: Turn, text: str, contact: str, rows: Rows, days: int) -> PublicNotice:
    """A notice that is to hang from this turn on, told in its event."""
    task, step = flow.task_and_step(turn)
    notice = PublicNotice(
        case=turn.case, task=task, scope=str(step.options.get("scope", "unit")), text=text, rows=rows,
        contact=contact, posted_at=turn.now, days=days, ends_at=due_moment(turn.now, days).at,
    )
    turn.tell_row(notice)
    return notice


def becomes(turn: Turn, notice: PublicNotice, state: str, remaining: int | None = None) -> PublicNotice:
    """Where the notice stands after this turn, told in its event; an effect saves it. remaining: days it still hangs,
    kept while it is stopped and counted from today when it runs on."""
    notice.state = state
    if state == "stopped":
        notice.remaining_wd = remaining
    if state == "running":
        notice.ends_at = due_moment(turn.now, remaining or 0).at
    turn.tell_row(notice)
    return notice


def hang(turn: Turn, notice: PublicNotice) -> None:
    """Publish a notice and set the timer that takes it down."""
    task, step = flow.task_and_step(turn)
    notice.save(force_insert=True)
    worklist.set_timer(task, f"{step.key}.ended", notice.ends_at)


def stop(turn: Turn, notice: PublicNotice, text: str) -> None:
    """An objection stops the notice; the days left are kept, and the examination has a limit of its own."""
    task, step = flow.task_and_step(turn)
    notice.save(update_fields=["state", "remaining_wd"])
    Timer.objects.filter(task=task, state="set").update(state="cancelled")
    task.due_at = due_moment(turn.now, EXAMINE_WD).at
    task.save(update_fields=["due_at"])
    worklist.set_timers(task, step)
    Objection.objects.create(notice=notice, event=turn.event, text=text, raised_at=turn.now)


def close_objection(turn: Turn, notice: PublicNotice, reply: str, result: str) -> None:
    """Answer every open objection of the notice."""
    notice.objections.filter(closed_at__isnull=True).update(result=result, reply=reply, closed_at=turn.now)


def _go_on(turn: Turn, notice: PublicNotice, reply: str, result: str) -> None:
    """The objection is answered: the limit of the step runs on, later by the days the notice was stopped."""
    task, step = flow.task_and_step(turn)
    stopped = notice.objections.filter(closed_at__isnull=True).order_by("id").first()
    close_objection(turn, notice, reply, result)
    Timer.objects.filter(task=task, state="set").update(state="cancelled")
    days = working_days_between(local_date(stopped.raised_at), turn.today) if stopped else 0
    worklist.move_limits(task, days, step)


def run_on(turn: Turn, notice: PublicNotice, reply: str) -> None:
    """The objection was dismissed: the remaining days run on from the day after."""
    task, step = flow.task_and_step(turn)
    _go_on(turn, notice, reply, "dismissed")
    notice.save(update_fields=["state", "ends_at"])
    worklist.set_timer(task, f"{step.key}.ended", notice.ends_at)


def replace(turn: Turn, notice: PublicNotice, reply: str, fresh: PublicNotice) -> None:
    """The list changed: a fresh full notice takes the place of the old one."""
    _go_on(turn, notice, reply, "changed")
    notice.save(update_fields=["state"])
    hang(turn, fresh)


def take_down(turn: Turn, notice: PublicNotice) -> None:
    """The page is taken down; its address answers 404 from now on."""
    notice.save(update_fields=["state"])
