"""Assessment by a standard: at least two assessors, each his own sheet, nobody's seen by another before it is closed
(domain §5.6). The result is the mean; two that lie far apart call for a third."""

import hashlib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.json import canonical
from casework.core.money import half_up
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import effects, flow
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.models import ScoreSheet
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

MOST = 3


def standard(turn: Turn) -> Mapping[str, Any]:
    """The indicator tree as it was frozen at acceptance: items with their full marks, pass marks by grade, the gap that
    calls for a third sheet, how many sheets are needed."""
    _task, step = flow.task_and_step(turn)
    found: Mapping[str, Any] = turn.case.parameters[str(step.options["standard"])]
    return found


def sheet_form(turn: Turn) -> FormSpec | None:
    """One question an item: marks up to the full ones, or whether a veto applies."""
    return asking.decision_form("hand_in", *map(_question, standard(turn)["items"]), asking.opinion(required=False))


def _question(item: Mapping[str, Any]) -> asking.Item:
    group, words = item["group"], item["item"]
    title = asking.words(f"{group['zh']}：{words['zh']}", f"{group['en']}: {words['en']}")
    if item.get("veto"):
        return {"key": item["key"], "kind": "bool", "title": title}
    full = int(item["full"])
    note = asking.words(f"满分 {full}", f"{full} marks at most")
    return {
        "key": item["key"], "kind": "int", "min": 0, "max": full, "required": True, "title": title, "help": note,
    }


def handed_in(turn: Turn) -> list[ScoreSheet]:
    """The sheets of this assessment so far."""
    return list(ScoreSheet.objects.filter(task=turn.task).order_by("id"))


def once_each(turn: Turn) -> list[Problem]:
    """One person hands in one sheet, whatever login or substitution he uses."""
    if not {sheet.person for sheet in handed_in(turn)} & turn.actor.persons:
        return []
    mend = _("Another assessor hands in the next one.")
    return [Problem("SHEET_HANDED_IN", _("You have handed in your sheet."), mend=mend)]


def hand_in(turn: Turn) -> None:
    """Keep the sheet; the last one closes the assessment."""
    rules = standard(turn)
    marks: dict[str, Any] = {item["key"]: turn.answers.get(item["key"]) for item in rules["items"]}
    total = sum(int(marks[item["key"]] or 0) for item in rules["items"] if not item.get("veto"))
    vetoed = any(bool(marks[item["key"]]) for item in rules["items"] if item.get("veto"))
    earlier = handed_in(turn)
    totals = [sheet.total for sheet in earlier] + [total]
    turn.facts["sheet_sha256"] = hashlib.sha256(canonical(marks)).hexdigest()
    turn.then(keep_sheet, marks=marks, total=total, vetoed=vetoed)
    if len(totals) < needed(totals, rules):
        common.note_opinion(turn, "hand_in")
        turn.then(effects.set_phase, phase=f"sheets_{len(totals)}")
        turn.then(effects.assign, user=None)
        return
    common.note_opinion(turn, "pass")
    _close(turn, totals, vetoed=vetoed or any(sheet.vetoed for sheet in earlier))


def needed(totals: Sequence[int], rules: Mapping[str, Any]) -> int:
    """How many sheets these totals call for: a third when the first ones lie further apart than the gap."""
    least = int(rules.get("least", 2))
    if len(totals) >= least and max(totals[:least]) - min(totals[:least]) > int(rules.get("gap", 10)):
        return max(least, MOST)
    return least


def mean(totals: Sequence[int]) -> int:
    """The mean in hundredths of a mark, rounded half up once."""
    return half_up(Fraction(sum(totals) * 100, len(totals)))


def _close(turn: Turn, totals: list[int], *, vetoed: bool) -> None:
    score = mean(totals)
    mark = int(standard(turn)["pass"][str(turn.case.facts.get("grade") or "")])
    result = {"score": score, "passed": score >= mark * 100, "vetoed": vetoed}
    turn.case.facts = {**turn.case.facts, **result}
    words = f"{score // 100}.{score % 100:02d}"
    turn.facts |= {"totals": sorted(totals), "score_mean": words, "pass_mark": mark, "veto_found": vetoed}
    flow.pass_step(turn)


def keep_sheet(turn: Turn, marks: Mapping[str, Any], total: int, vetoed: bool) -> None:
    """Write the row."""
    (task, _step), person = flow.task_and_step(turn), turn.actor.person
    if person is None:
        raise RuntimeError("recusal asks for a person before a sheet is handed in")
    ScoreSheet.objects.create(
        task=task, person=person, event=turn.event, marks=dict(marks), total=total, vetoed=vetoed, at=turn.now
    )


KIND = StepKind(
    "score",
    _("Assessment"),
    (
        Choice(
            "hand_in", _("Hand in my sheet"), hand_in, sheet_form, ready=once_each, style="primary", leads="on",
        ),
        common.RETURN,
        common.OVERDUE,
    ),
    {"standard": Option("key", needed=True)},
)
