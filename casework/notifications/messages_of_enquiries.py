"""What we tell people of their enquiries: calls, petitions. The words follow the rules of `messages`."""
from casework.core.text import Text
from casework.notifications.template import Template

OF_ENQUIRIES: dict[str, Template] = {
    "answered": Template(
        Text("{programme}：已答复", "{programme}: answered"),
        Text(
            "{yours}{programme}（{number}）已有答复，可在办件页面查看答复内容。如仍未解决，可在该页面申请再次办理一次。",
            "We answered {yours} {programme} ({number}); the answer is on the page of the case. If the trouble is not "
            "solved, you can have it opened again once, on the same page.",
        ),
        Text(
            "{yours}{programme}（{number}）已有答复，请登录或致电查询。",
            "There is an answer on {yours} {programme} ({number}). Log in or call to read it.",
        ),
    ),
    "transferred": Template(
        Text("{programme}：转为其他事项办理", "{programme}: goes on as another service"),
        Text(
            "{yours}{programme}（{number}）将转为其他事项继续办理，已填写的内容自动带入，无需重复陈述。"
            "需要您补充填写时，可在首页的未提交申请中继续。",
            "{yours} {programme} ({number}) goes on as another service. What you told us is filled in already; there "
            "is no need to tell it again. If something is left to fill in, you find the form on your home page.",
        ),
        Text(
            "{yours}{programme}（{number}）将转为其他事项继续办理，无需重复陈述。",
            "{yours} {programme} ({number}) goes on as another service; you need not tell it again.",
        ),
    ),
    "merged": Template(
        Text("{programme}：合并办理", "{programme}: joined to another case"),
        Text(
            "{yours}{programme}（{number}）与已在办理的另一案件为同一事项，已合并办理，我们将在该案件中一并答复。",
            "{yours} {programme} ({number}) is about the same matter as another case that is being handled. We joined "
            "them and answer there.",
        ),
    ),
    "reopened": Template(
        Text("{programme}：再次办理", "{programme}: opened again"),
        Text(
            "{yours}{programme}（{number}）已再次交办，办理时限重新计算[，承诺于{promised_on}前答复]。",
            "We opened {yours} {programme} ({number}) again; its limit starts anew[ and you get an answer by "
            "{promised_on}].",
        ),
        Text(
            "{yours}{programme}（{number}）已再次交办[，承诺于{promised_on}前答复]。",
            "{yours} {programme} ({number}) is open again[; you get an answer by {promised_on}].",
        ),
    ),
    "extended": Template(
        Text("{programme}：办理期限延长", "{programme}: more time is needed"),
        Text(
            "{yours}{programme}（{number}）情况复杂，经批准延长办理期限一次[，将于{promised_on}前答复]。"
            "延长的理由可在办件页面查看。",
            "{yours} {programme} ({number}) needs more time; its limit was extended once[ and you get an answer by "
            "{promised_on}]. The page of the case says why.",
        ),
        Text(
            "{yours}{programme}（{number}）经批准延长办理期限一次[，将于{promised_on}前答复]。",
            "The limit of {yours} {programme} ({number}) was extended once[; you get an answer by {promised_on}].",
        ),
    ),
    "opinion_given": Template(
        Text("{programme}：已作出书面意见", "{programme}: answered in writing"),
        Text(
            "{yours}{programme}（{number}）已作出书面意见，可在办件页面查看和下载。如不服，可自收到之日起30日内，"
            "在该页面或以书面形式请求上一级重新审查。",
            "There is a written opinion on {yours} {programme} ({number}); it is on the page of the case. If you do "
            "not agree, you may ask the level above to look again, on that page or in writing, within 30 days of "
            "receiving it.",
        ),
        Text(
            "{yours}{programme}（{number}）已作出书面意见，请登录查看。如不服，可自收到之日起30日内请求上一级重新审查。",
            "There is a written opinion on {yours} {programme} ({number}). Log in to read it. You may ask for another "
            "look within 30 days.",
        ),
    ),
    "opinion_final": Template(
        Text("{programme}：已作出复核意见", "{programme}: the last opinion was given"),
        Text(
            "{yours}{programme}（{number}）已作出复核意见，可在办件页面查看和下载。复核意见为终结意见；"
            "以同一事实和理由再次提出的，不再受理。",
            "The recheck of {yours} {programme} ({number}) is done; its opinion is on the page of the case. It is "
            "final: the same facts and reasons are not taken on again.",
        ),
        Text(
            "{yours}{programme}（{number}）已作出复核意见，请登录查看。",
            "The recheck of {yours} {programme} ({number}) is done. Log in to read it.",
        ),
    ),
    "referred": Template(
        Text("{programme}：已转送有权处理的工会", "{programme}: sent on to the federation in charge"),
        Text(
            "{yours}{programme}（{number}）已转送[{right_body}]办理，材料一并转去，无需重新提交。"
            "该单位将在15日内书面告知您是否受理。",
            "{yours} {programme} ({number}) was sent on[ to {right_body}] with everything in it; there is no need to "
            "hand it in again. That office tells you in writing within 15 days whether it takes it on.",
        ),
        Text(
            "{yours}{programme}（{number}）已转送有权处理的工会办理，无需重新提交。",
            "{yours} {programme} ({number}) was sent on to the federation in charge; you need not hand it in again.",
        ),
    ),
}
