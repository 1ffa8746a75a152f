"""What the person is told of a re-examination, and of the refused case it is about (domain §4.3)."""
from casework.core.text import Text
from casework.notifications.template import Template

OF_RE_EXAMINATION: dict[str, Template] = {
    "re_examination_upheld": Template(
        Text("{programme}：撤销原决定", "{programme}: the refusal is lifted"),
        Text(
            "{yours}{programme}（{number}）已作出决定：撤销原决定，原申请恢复办理，办理时限重新计算。"
            "《复核决定书》可在办件页面查看和下载；恢复办理的情况另行通知您。",
            "We decided on {yours} {programme} ({number}): the refusal is lifted, and the refused application goes on "
            "with new limits. The decision is on the page of the case; we tell you how the application goes on.",
        ),
        Text(
            "{yours}{programme}（{number}）已有决定，请登录查看决定书。",
            "There is a decision on {yours} {programme} ({number}). Log in to read it.",
        ),
    ),
    "re_examination_dismissed": Template(
        Text("{programme}：维持原决定", "{programme}: the refusal stands"),
        Text(
            "{yours}{programme}（{number}）已作出决定：维持原决定。认定的事实和理由详见《复核决定书》，可在办件页面查看和下载。"
            "复核以一次为限，本决定为最终决定。",
            "We decided on {yours} {programme} ({number}): the refusal stands. The decision on the page of the case "
            "says what was found and why. A refusal is looked at again once only, so this decision is final.",
        ),
        Text(
            "{yours}{programme}（{number}）已有决定，请登录查看决定书。",
            "There is a decision on {yours} {programme} ({number}). Log in to read it.",
        ),
    ),
    "re_examination_not_accepted": Template(
        Text("{programme}：不予受理", "{programme}: not accepted"),
        Text(
            "{yours}{programme}（{number}）不予受理[，理由：{reason}]，原决定不变。详见《不予受理通知书》，可在办件页面查看和下载。",
            "We do not look into {yours} {programme} ({number})[. Reason: {reason}]. The refusal stands. The notice is "
            "on the page of the case.",
        ),
        Text(
            "{yours}{programme}（{number}）不予受理，请登录查看通知书。",
            "We do not look into {yours} {programme} ({number}). Log in to read why.",
        ),
    ),
    "re_examination_withdrawn": Template(
        Text("{programme}：已终止", "{programme}: ended"),
        Text(
            "{yours}{programme}（{number}）已终止[，原因：{reason}]，原决定不变。复核以一次为限。",
            "{yours} {programme} ({number}) has ended[. Reason: {reason}]. The refusal stands; it is looked at again "
            "once only.",
        ),
        Text(
            "{yours}{programme}（{number}）已终止，原决定不变。",
            "{yours} {programme} ({number}) has ended; the refusal stands.",
        ),
    ),
    "refusal_lifted": Template(
        Text("{programme}：恢复办理", "{programme}: goes on"),
        Text(
            "{yours}{programme}（{number}）的原决定已经复核撤销，现恢复办理，由未作出原决定的人员继续办理"
            "[，承诺于{promised_on}前办结]。您以前提交的材料继续有效，暂时不需要做什么。",
            "The refusal of {yours} {programme} ({number}) was lifted after its re-examination. It goes on with "
            "somebody who did not refuse it[; you get an answer by {promised_on}]. What you handed in still counts; "
            "you need not do anything now.",
        ),
        Text(
            "{yours}{programme}（{number}）已恢复办理[，承诺于{promised_on}前办结]。",
            "{yours} {programme} ({number}) goes on[; you get an answer by {promised_on}].",
        ),
    ),
    "denied_finally": Template(
        Text("{programme}：不予批准", "{programme}: not approved"),
        Text(
            "{yours}{programme}（{number}）经审核不予批准[，理由：{reason}]。认定的事实和所依据的规定详见《不予批准通知书》，"
            "可在办件页面查看和下载。该申请已复核过一次，本决定为最终决定。",
            "After review we could not approve {yours} {programme} ({number})[. Reason: {reason}]. The notice on the "
            "page of the case says what we found and which rule applies. It was looked at again once before, so this "
            "decision is final.",
        ),
        Text(
            "{yours}{programme}（{number}）已有审核结果，请登录查看通知书。",
            "There is a decision on {yours} {programme} ({number}). Log in to read it.",
        ),
    ),
}
