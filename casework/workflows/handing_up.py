"""A step that nobody did in time goes to the desk of a higher office (domain §5.8, `on_timeout`)."""
from casework.workflows import worklist
from casework.workflows.turn import Turn


def next_desk(turn: Turn) -> str:
    """"role@level" of the desk a late step goes to; "" where it stays, or lies there already."""
    if turn.task is None or turn.step is None or not turn.step.late[0]:
        return ""
    role, level = turn.step.late
    office, found = worklist.desk_of(turn.case, level)
    there = (turn.task.role, turn.task.organisation_id) == (role, office.pk)
    return "" if there else f"{role}@{found}"


def hand_up(turn: Turn) -> None:
    """The task lies on the other desk, free to take, with its limit once more; whoever held it before can do it no
    longer."""
    task, step = turn.task, turn.step
    if task is None or step is None:
        return
    role, level = step.late
    task.role, task.assignee = role, None
    task.organisation, task.level = worklist.desk_of(turn.case, level)
    task.save(update_fields=["role", "level", "organisation", "assignee"])
    worklist.lengthen(task, step.limit_wd, step)
