"""复核决定书: what came of a re-examination, the same letter in both outcomes (domain §4.3, §4.11)."""
from typing import Any

from casework.cases.models import Case, State
from casework.core import money
from casework.papers import kinds
from casework.papers.templatetags.paper_words import cn_day
from casework.programmes.loader import programme_of
from casework.programmes.reasons import FINAL, text_of
from casework.workflows import letter_facts as facts
from casework.workflows import re_examining
from casework.workflows.turn import Turn

REFUSED_BY = {State.DENIED: "不予批准", State.NOT_ACCEPTED: "不予受理"}
GOES_ON = "原案（编号 {number}）恢复办理，由未作出原决定的人员继续办理，办理时限自恢复之日起重新计算，进展另行告知。"


def decision(turn: Turn) -> dict[str, Any]:
    """The refused case, what was found, and what follows."""
    refused = re_examining.refused_case(turn.case)
    if refused is None:
        raise RuntimeError("a re-examination is of a refused case")
    upheld = turn.case.state != State.DENIED
    matter, number = programme_of(refused.programme).title.zh, refused.number
    result = "撤销原决定" if upheld else "维持原决定"
    return {
        "to": "",
        "opening": f"您不服{matter}申请（编号 {number}）的原决定，提出的复核申请（编号 {turn.case.number}）收悉。"
        f"经未参与原案办理的人员复核，决定{result}。现将有关事项告知如下：",
        "rows": [{"label": label, "value": value} for label, value in _rows(refused, result)],
        "heading": "认定的事实和理由",
        "text": "\n".join([str(turn.facts.get("opinion") or ""), *([GOES_ON.format(number=number)] if upheld else [])]),
        "appeal": "" if upheld else FINAL.zh,
    }


def _rows(refused: Case, result: str) -> list[tuple[str, str]]:
    """The refusal as it stood. Its outcome is still in the row: it is taken back by a command of its own, later."""
    refusal = re_examining.refusal_of(refused)
    found = [("原案编号", refused.number), ("申请事项", programme_of(refused.programme).title.zh)]
    if refusal is not None:
        state = State(refusal.event.data["after"]["state"])
        found += [
            ("原决定", REFUSED_BY[state]), ("原决定单位", refusal.office.name),
            ("原决定日期", cn_day(refusal.on.isoformat())),
            ("原决定理由", text_of(str(refusal.event.data.get("code") or "")).zh),
        ]
        found += [(line["zh"], _figure(line)) for line in facts.summary_lines(refused)]
    return [*found, ("复核结论", result)]


def _figure(line: kinds.Line) -> str:
    """A figure the refusal rested on, in yuan or as a number."""
    return f"{money.show(line['value'])} 元" if line["unit"] == "fen" else str(line["value"])
