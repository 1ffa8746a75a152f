"""Amounts of hardship aid (domain §5.2): living aid, tuition aid, temporary aid."""

from collections.abc import Mapping
from typing import Any

from casework.core.text import Text
from casework.programmes.rules.awards import Award, Earlier, award_by
from casework.programmes.rules.formulas import Base
from casework.programmes.rules.lines import line, yuan
from casework.programmes.rules.outcome import at_most, outcome
from casework.programmes.rules.tables import Table, count, exact, table

Answers = Mapping[str, Any]
Numbers = Mapping[str, Any]
ASKED = Text("申请金额", "Amount asked for")
NOT_ASKED = Text("未填申请金额，按规定的最高金额", "No amount asked for: the most by the rule")
MOST = Text("规定的最高金额", "The most by the rule")
# Stages of schooling below a college.
HIGH_SCHOOL = ("high_school", "vocational")


def living_aid(answers: Answers, numbers: Numbers, category: str) -> dict[str, Any]:
    """At most ten lines for deep, eight for relative hardship; accidental: a share of the loss up to a cap. What was
    asked for is the other limit, where a sum was asked for (domain §5.7: the amount is derived)."""
    line_fen, loss = int(numbers["subsistence_line"]), int(answers.get("loss") or 0)
    own = living_table(table(numbers["living_aid"], "living_aid"), category)
    first = line(Text("当地月低保标准", "Local subsistence line a month"), line_fen)
    if own is None:
        cap = Award(0, [first], "none")
    else:
        cap = award_by(own, Base(fen=loss, line_fen=line_fen), where=f"living_aid.{category}")
        cap = Award(cap.fen, [first, line(_cap_words(own), cap.fen)], cap.limit)
    if answers.get("amount") is None:
        found = outcome(cap, MOST, cap.fen)
        return found | {"award_lines": [*cap.lines, line(NOT_ASKED, cap.fen), line(Text("核定金额", "Award"), cap.fen)]}
    asked = int(answers["amount"])
    award = min(asked, cap.fen)
    found = outcome(Award(award, cap.lines, "asked" if asked < cap.fen else cap.limit), ASKED, asked)
    lines = [*cap.lines, line(ASKED, asked), line(Text("核定金额（两者取低）", "Award: the lower of the two"), award)]
    return found | {"award_lines": lines}


def living_table(numbers: Table, category: str) -> Table | None:
    """The table of a category, None where it has none. A row may name the four figures of the common practice
    (deep_multiple, relative_multiple, accidental_percent, accidental_cap_fen), or hold a table for each category."""
    if category not in ("deep", "relative", "accidental"):
        return None
    if isinstance(numbers.get(category), Mapping):
        return table(numbers[category], f"living_aid.{category}")
    if category == "accidental":
        cap = count(numbers, "accidental_cap_fen", "living_aid")
        share = exact(numbers.get("accidental_percent"), "living_aid.accidental_percent")
        return {"kind": "rate", "percent": str(share), "per": "event", "cap_event_fen": cap}
    return {"kind": "multiple", "times": count(numbers, f"{category}_multiple", "living_aid")}


def _cap_words(own: Table) -> Text:
    times, share, cap = own.get("times"), own.get("percent"), own.get("cap_event_fen")
    if own["kind"] == "multiple" and not isinstance(times, Mapping):
        return Text(f"封顶：低保标准 × {times}", f"Cap: line × {times}")
    if own["kind"] == "rate" and cap is not None:
        return Text(f"损失的 {share}%，最高 {yuan(cap)} 元", f"{share} % of the loss, at most {yuan(cap)} yuan")
    return Text("按标准的最高金额", "At most by the standard")


def tuition_aid(answers: Answers, numbers: Numbers, category: str) -> dict[str, Any]:
    """A sum by stage of schooling, another at a key university, or a multiple of the local line by stage; once a
    school year. Names in the table, the most special first: key_university, the stage itself, high or higher, other."""
    stage = str(answers.get("stage") or "")
    level = "high" if stage in HIGH_SCHOOL else "higher"
    keys = (*(("key_university",) if answers.get("key_university") else ()), stage, level, "other")
    base = Base(fen=int(answers.get("annual_fee") or 0), line_fen=numbers.get("subsistence_line"), keys=keys)
    award = award_by(numbers["tuition_aid"], base, where="tuition_aid")
    return outcome(_not_above_asked(award, answers), Text("学年学费", "Fee of the school year"), base.fen)


def temporary_aid(
    answers: Answers, numbers: Numbers, category: str, *, earlier: Mapping[str, Any]
) -> dict[str, Any]:
    """Help after a sudden event, up to a sum a year; no dossier needed."""
    asked = int(answers.get("amount") or 0)
    base = Base(fen=asked, line_fen=numbers.get("subsistence_line"))
    award = award_by(numbers["temporary_aid"], base, Earlier.of(earlier), "temporary_aid")
    return outcome(_not_above_asked(award, answers), ASKED, asked)


def _not_above_asked(award: Award, answers: Answers) -> Award:
    """What was asked for is a limit where the form asks for a sum."""
    if answers.get("amount") is None:
        return award
    return at_most(award, int(answers["amount"]), ASKED, "asked")
