"""What stands in letters that tell an opinion or send a matter on: rows and a text (domain §5.4). As in `letters`, it
only reads; names are left out where the letter goes to somebody else than the person."""
from typing import Any

from casework.core import money
from casework.core.masks import mask_name
from casework.core.text import Text
from casework.programmes.spec import Programme
from casework.workflows import letter_facts as facts
from casework.workflows.turn import Turn

RESULTS = {"mediated": "调解", "withdrawn": "撤诉", "award": "裁决", "judgment": "判决", "advice": "咨询"}
HANDLED = {
    "advice": "咨询", "drafting": "代书", "mediation": "调解", "arbitration": "仲裁代理", "litigation": "诉讼代理",
}

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


def aid_grant(turn: Turn) -> dict[str, Any]:
    """同意援助决定书: what is granted, and that a lawyer follows."""
    rows = _rows(
        ("争议类型", _said(turn, "matter")), ("援助方式", _said(turn, "wanted")),
        ("受理日期", facts.local_iso(turn.case.accepted_at)),
    )
    opening = f"您提出的法律援助申请（编号 {turn.case.number}）经审查符合援助条件，决定给予法律援助。"
    text = "本会将在 3 个工作日内指派律师并告知您。请如实陈述案情，配合律师工作；办理不收取任何费用。"
    return {"to": "", "opening": opening, "rows": rows, "heading": "有关事项", "text": text, "appeal": ""}


def appointment(turn: Turn) -> dict[str, Any]:
    """指派函: to the lawyer; he reads the case itself at the desk."""
    told = turn.facts
    rows = _rows(
        ("执业机构", str(told.get("firm") or "")), ("执业证号", str(told.get("licence_no") or "")),
        ("争议类型", _said(turn, "matter")), ("援助方式", _said(turn, "wanted")),
    )
    opening = f"现指派您承办法律援助案件（编号 {turn.case.number}），受援人 {mask_name(turn.case.applicant.name)}。"
    text = "请与受援人签订委托协议，记录办理过程，办结后提交结案报告和裁判文书。不得向受援人收取任何费用。"
    return {
        "to": f"{told.get('lawyer') or ''}律师", "opening": opening, "rows": rows, "heading": "办理要求", "text": text,
        "appeal": "",
    }


def closing_report(turn: Turn) -> dict[str, Any]:
    """结案报告: what came of it."""
    told = turn.facts
    rows = _rows(
        ("结案方式", RESULTS[str(told["aid_result"])]), ("办理方式", HANDLED[str(told["handled"])]),
        ("挽回金额", f"{money.show(int(told.get('amount_won_fen') or 0))} 元"), ("承办律师", facts.officer(turn)),
    )
    opening = f"法律援助案件（编号 {turn.case.number}）已办结，现报告如下："
    return {
        "to": "", "opening": opening, "rows": rows, "heading": "办理情况", "text": str(told.get("report") or ""),
        "appeal": "",
    }


def _said(turn: Turn, key: str) -> str:
    """An answer that became a fact, in the words of the form."""
    field, value = turn.programme.form.field(key), turn.case.facts.get(key)
    given = value if isinstance(value, list) else [value]
    return "、".join(field.choices[one].zh for one in given if field is not None and one in field.choices)


def _rows(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in pairs]
