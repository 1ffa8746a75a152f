"""What stands in letters that tell an opinion or send a matter on: rows and a text (domain §5.4). As in `letters`, it
only reads; names are left out where the letter goes to somebody else than the person."""
from typing import Any

from casework.core.text import Text
from casework.programmes.spec import Programme
from casework.workflows import letter_facts as facts
from casework.workflows.turn import Turn

REVIEW = (
    "如不服本意见，可自收到之日起 30 日内，向{higher}书面请求{word}；有权{word}的机关自收到请求之日起 30 日内提出意见。"
)
REVIEW_TEXT = Text(
    "如不服，可自收到之日起 30 日内向上一级工会请求复查，由另一名工作人员办理。",
    "You may ask the next higher federation for a review within 30 days; another officer will handle it.",
)


def reviewed(programme: Programme) -> bool:
    """Has the service a second look of its own, with 30 days to ask for it (domain §4.3)?"""
    return any(step.kind == "re_examine" for step in programme.steps())


def referral(turn: Turn) -> dict[str, Any]:
    """转送函: to the federation in charge; it names nobody."""
    case = turn.case
    rows = _rows(("登记日期", facts.local_iso(case.submitted_at)), ("事项", turn.programme.title.zh))
    return {
        "applicant": {"name": "", "id_no": ""}, "to": str(turn.facts.get("referred_to") or ""),
        "opening": f"现将信访事项（编号 {case.number}）及全部材料转送你单位。请自收到之日起 15 日内决定是否受理，"
        "并书面告知信访人；不得将信访人姓名和材料透露给被反映单位。",
        "rows": rows, "heading": "转送理由", "text": str(turn.facts.get("opinion") or ""), "appeal": "",
    }


def handling_opinion(turn: Turn) -> dict[str, Any]:
    """处理意见书: what was found and done, and how to ask for a review."""
    return _opinion(turn, "经调查，现提出处理意见如下：", "复查")


def review_opinion(turn: Turn) -> dict[str, Any]:
    """复查意见书: does the answer stand, and how to ask for a recheck."""
    return _opinion(turn, f"经复查，{_result(turn)}。现提出复查意见如下：", "复核")


def recheck_opinion(turn: Turn) -> dict[str, Any]:
    """复核意见书: the last word."""
    told = _opinion(turn, f"经复核，{_result(turn)}。现提出复核意见如下：", "")
    final = "本意见为终结意见；以同一事实和理由再次提出的，不再受理。"
    return told | {"appeal": final}


def _result(turn: Turn) -> str:
    return {"upheld": "维持原意见", "changed": "变更原意见"}.get(str(turn.facts.get("review_result")), "")


def _opinion(turn: Turn, opening: str, word: str) -> dict[str, Any]:
    case = turn.case
    higher = turn.task.organisation.parent if turn.task is not None else None
    rows = _rows(("登记日期", facts.local_iso(case.submitted_at)), ("受理日期", facts.local_iso(case.accepted_at)))
    appeal = REVIEW.format(higher=higher.name if higher else "上一级工会", word=word) if word else ""
    return {
        "to": "", "opening": f"您反映的事项（编号 {case.number}）收悉。{opening}", "rows": rows, "heading": "意见",
        "text": str(turn.facts.get("reply_to_person") or ""), "appeal": appeal,
    }


def _rows(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in pairs]
