"""What hangs on the board: the notice of a step and its list, masked (domain §4.4)."""
import hashlib

from django.utils.translation import gettext_lazy as _

from casework.core import money
from casework.core.json import canonical
from casework.core.problems import Problem
from casework.workflows.campaigns import figures
from casework.workflows.models import PublicNotice
from casework.workflows.turn import Turn

ROWS_TOLD = 100


def current(turn: Turn) -> PublicNotice | None:
    """The notice of this task that is neither replaced nor taken down."""
    return (
        PublicNotice.objects.filter(task=turn.task).exclude(state__in=["replaced", "cancelled"]).order_by("-id").first()
    )


def live(turn: Turn) -> PublicNotice:
    """The notice, which must be there in this phase."""
    notice = current(turn)
    if notice is None:
        raise RuntimeError("a posted step has a notice")
    return notice


def rows_of(turn: Turn) -> list[dict[str, str]]:
    """The masked list: name, unit, category, and the amount if the route shows it."""
    case, shows = turn.case, turn.step.options.get("shows", []) if turn.step else []
    if case.life == "campaign":
        return figures.notice_rows(case, turn.programme.title.zh)
    row = {
        "name": case.named_masked,
        "unit": case.organisation.name,
        "kind_of_aid": turn.programme.title.zh,
        "category": case.category,
    }
    if "amount" in shows and case.amount_fen is not None:
        row["amount"] = money.show(case.amount_fen)
    return [row]


def listable(turn: Turn) -> list[Problem]:
    """One board holds only so many rows; a larger campaign is planned county by county."""
    if turn.case.life != "campaign" or turn.case.lines.exclude(state="refused").count() <= figures.NOTICE_MOST:
        return []
    message = _("The list is too long for one notice: at most %(most)s lines.") % {"most": figures.NOTICE_MOST}
    return [Problem("NOTICE_TOO_LONG", message, mend=_("Plan the campaign county by county."))]


def told_rows(rows: list[dict[str, str]]) -> dict[str, object]:
    """What the event keeps of the list: a short one whole, a long one by its hash."""
    if len(rows) <= ROWS_TOLD:
        return {"rows": rows}
    return {"rows_count": len(rows), "rows_sha256": hashlib.sha256(canonical(rows)).hexdigest()}
