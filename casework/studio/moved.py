"""What a plan makes of one case, in words: the desk, the limits and the money before and after, or why it stays."""
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from casework.core import money
from casework.programmes.loader import programme_of
from casework.programmes.spec import Programme
from casework.studio.words import state_words, who_words
from casework.workflows.models import MigrationPlan, MigrationRow


def told(plan: MigrationPlan, row: MigrationRow, language: str) -> dict[str, Any]:
    """A row for the page. language: of the reader, for the reasons that were kept in both."""
    name = "zh" if language.startswith("zh") else "en"
    return {
        "row": row, "changes": changes(plan, row),
        "problems": [(problem.get(name, ""), problem.get(f"mend_{name}", "")) for problem in row.problems],
    }


def changes(plan: MigrationPlan, row: MigrationRow) -> list[tuple[str, str, str]]:
    """(what, before, after) of what differs for the case."""
    if not row.after:
        return []
    old, new = _facts(programme_of(plan.source), row.before), _facts(programme_of(plan.target), row.after)
    return [(what, old[what], new[what]) for what in old if old[what] != new[what]]


def _facts(programme: Programme, case: Mapping[str, Any]) -> dict[str, str]:
    award = (case.get("facts") or {}).get("award_fen")
    return {
        str(_("Standing")): state_words(str(case["state"])),
        str(_("Open step")): _each(case, lambda task: str(programme.step(task["step"]).title)),
        str(_("Who")): _each(case, lambda task: who_words(task["role"], task["level"])),
        str(_("Limit of the step")): _each(case, lambda task: _day(task["due_at"])),
        str(_("Limit of the whole")): str(case["due_on"] or "—"),
        str(_("Promised to the applicant")): str(case["promised_on"] or "—"),
        str(_("Money (yuan)")): money.show(award) if isinstance(award, int) else "—",
    }


def _each(case: Mapping[str, Any], show: Any) -> str:
    return str(_(", ")).join(show(task) for task in case["tasks"]) or "—"


def _day(moment: str | None) -> str:
    return localtime(datetime.fromisoformat(moment)).date().isoformat() if moment else "—"
