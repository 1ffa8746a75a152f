"""The undoing of a move: another event, after which the case stands as it stood before (promise S7)."""
from django.utils.translation import gettext_lazy as _

from casework.cases import answers as case_answers
from casework.cases.models import Answers
from casework.core.problems import Problem
from casework.programmes.loader import programme_of
from casework.workflows import effects
from casework.workflows.choices import Choice
from casework.workflows.migrating import keeping
from casework.workflows.migrating.carry import plan_of
from casework.workflows.models import MigrationRow
from casework.workflows.turn import Turn


def row_of(turn: Turn) -> MigrationRow | None:
    """The plan's row of this case."""
    plan = plan_of(turn)
    return MigrationRow.objects.select_related("plan__source").filter(plan=plan, case=turn.case).first()


def check(turn: Turn) -> list[Problem]:
    """The plan is being undone, and nothing happened to the case since it moved."""
    row = row_of(turn)
    if row is None or row.plan.state != "undoing" or row.state != "moved":
        return [Problem("NOT_OF_THE_PLAN", _("This plan does not move this case."))]
    if row.moved_at_n != turn.case.event_n:
        return [
            Problem("MOVED_ON_SINCE", _("Work on the case went on under the new version."),
                    mend=_("It stays there; another plan can move it on."))
        ]
    return []


def back(turn: Turn) -> None:
    """The case stands again as it stood before."""
    row = row_of(turn)
    if row is None:
        raise RuntimeError("a case comes back by a plan")
    case, source, kept = turn.case, row.plan.source, row.kept
    turn.programme, case.programme = programme_of(source), source
    keeping.give_back(case, kept)
    turn.facts |= {
        "programme": {"key": case.key, "version": source.version, "content_hash": source.content_hash},
        "migration": {"plan": str(row.plan.public_id), "undone": row.moved_at_n},
        "parameters": case.parameters,
    }
    latest = case_answers.latest(case, "application")
    if latest is not None and latest.pk != kept["answers"]:
        old = Answers.objects.get(pk=kept["answers"])
        prepared = case_answers.Prepared(old.form, old.shown, bytes(old.sealed))  # the cipher is bound to case and form
        turn.facts["answers"] = prepared.digests
        turn.then(effects.keep_answers, prepared=prepared)
    turn.then(restore, row=row)


def restore(turn: Turn, row: MigrationRow) -> None:
    """Tasks, timers and names of steps."""
    keeping.put_back(turn.case, row.kept)
    MigrationRow.objects.filter(pk=row.pk).update(state="undone")


UNDO = Choice(
    "migrate_undo", _("Back under the version before"), back, check=check, side="system", decides=False, raw=True
)
