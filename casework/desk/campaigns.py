"""The lines of a campaign on its page: counts, coverage, one page of rows; and on a line's page the way back."""

from typing import Any

from django.utils.translation import gettext_lazy

from casework.access.actor import Actor
from casework.cases.models import Case, CaseLink
from casework.core.problems import Words
from casework.core.text import Text
from casework.desk.search import in_scope
from casework.programmes.loader import programme_of
from casework.workflows.campaigns import classes, figures
from casework.workflows.models import CampaignLine, ScoreSheet

PAGE = 25
SEATS: dict[str, Words] = {
    classes.SEAT: gettext_lazy("Has a seat"), classes.STANDBY: gettext_lazy("Waits for a seat"),
    classes.DROPPED: gettext_lazy("No seat any more"),
}


def lines_of(case: Case, after: str) -> dict[str, Any]:
    """What the page of a campaign shows of its lines; {} for any other case. after: the key of the last row seen, as it
    stands in the address."""
    if case.life != "campaign":
        return {}
    seen = int(after) if after.isascii() and after.isdigit() and len(after) < 18 else 0
    rows, told = figures.page_of(case, seen, size=PAGE), figures.figures(case)
    return {
        "campaign": {
            "figures": told, "coverage": figures.coverage_percent(told), "rows": rows[:PAGE], "paged": seen > 0,
            "next": rows[PAGE - 1].pk if len(rows) > PAGE else None, "on": (case.facts.get("coverage") or {}).get("on"),
            "ranked": case.lines.filter(rank__isnull=False).exists(), **_seats(case, rows[:PAGE]),
        }
    }


def _seats(case: Case, rows: list[CampaignLine]) -> dict[str, Any]:
    """Of a class: the seats that are left, and of each row its seat and attendance by the key of the line."""
    if case.key != classes.KEY:
        return {}
    there = {row.pk: classes.attendance(case, row.pk) for row in rows} if case.facts.get("sessions") else {}
    told = [(row, SEATS.get(row.place, ""), there.get(row.pk)) for row in rows]
    return {"class": True, "left": classes.seats_left(case), "seated": told}


def sheets_of(case: Case) -> dict[str, Any]:
    """The sheets of the last assessment that was closed, item by item; of one that runs nobody sees anything."""
    sheets = list(
        ScoreSheet.objects.filter(task__case=case, task__state="done", task__outcome="pass").order_by("-task", "id")
    )
    last = [sheet for sheet in sheets if sheet.task_id == sheets[0].task_id]
    step = programme_of(case.programme).step(last[0].task.step) if last else None
    rules = case.parameters.get(str(step.options.get("standard")), {}) if step else {}
    rows = [
        {"group": Text.of(item["group"]), "item": Text.of(item["item"]), "full": item["full"],
         "veto": item.get("veto", False), "marks": [sheet.marks.get(item["key"]) for sheet in last]}
        for item in rules.get("items", [])
    ]
    return {"sheets": {"rows": rows, "totals": [sheet.total for sheet in last], "facts": case.facts}} if last else {}


def campaign_of(case: Case, actor: Actor) -> dict[str, Any]:
    """The campaign a case is a line of; its page is linked where the officer may read it."""
    link = CaseLink.objects.select_related("target").filter(source=case, kind="line_of").first()
    if link is None:
        return {}
    mine = in_scope(actor).filter(pk=link.target_id).exists()
    return {"line_of": {"case": link.target, "own": mine}}
