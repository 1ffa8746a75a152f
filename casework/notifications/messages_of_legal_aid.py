"""What we tell of legal aid: to the worker, and to the lawyer. The words follow the rules of `messages`."""
from casework.core.text import Text
from casework.notifications.template import Template

TO_WORKERS: dict[str, Template] = {
    "aid_granted": Template(
        Text("{programme}：同意援助", "{programme}: granted"),
        Text(
            "{yours}{programme}（{number}）经审查符合条件，决定给予援助，不收取任何费用。"
            "《同意法律援助决定书》可在办件页面查看和下载。我们将在3个工作日内指派律师并告知您。",
            "We grant {yours} {programme} ({number}), free of charge. The decision is on the page of the case. A "
            "lawyer is assigned within 3 working days, and we tell you who it is.",
        ),
        Text(
            "{yours}{programme}（{number}）已同意援助，请登录查看决定书，律师将在3个工作日内指派。",
            "We grant {yours} {programme} ({number}). Log in to read the decision; a lawyer is assigned within 3 "
            "working days.",
        ),
    ),
    "lawyer_assigned": Template(
        Text("{programme}：已指派律师", "{programme}: a lawyer was assigned"),
        Text(
            "{yours}{programme}（{number}）已指派律师[（{lawyer}）]承办，律师将与您联系并签订委托协议。律师不得向您收取任何费用。",
            "A lawyer[ ({lawyer})] was assigned to {yours} {programme} ({number}); you will be contacted to sign the "
            "agreement. The lawyer may not ask you for any money.",
        ),
        Text(
            "{yours}{programme}（{number}）已指派律师，律师将与您联系，不收取任何费用。",
            "A lawyer was assigned to {yours} {programme} ({number}) and will contact you, free of charge.",
        ),
    ),
    "lawyer_replaced": Template(
        Text("{programme}：更换承办律师", "{programme}: another lawyer is being found"),
        Text(
            "{yours}{programme}（{number}）将更换承办律师，新的律师确定后会告知您，您暂时不需要做什么。",
            "Another lawyer is being found for {yours} {programme} ({number}); we tell you who it is. You need not do "
            "anything now.",
        ),
    ),
    "aid_closed": Template(
        Text("{programme}：律师已办结", "{programme}: the lawyer has finished"),
        Text(
            "{yours}{programme}（{number}）律师已办结，《结案报告》可在办件页面查看和下载。",
            "The lawyer has finished {yours} {programme} ({number}); the closing report is on the page of the case.",
        ),
        Text(
            "{yours}{programme}（{number}）律师已办结，请登录查看结案报告。",
            "The lawyer has finished {yours} {programme} ({number}). Log in to read the closing report.",
        ),
    ),
}
TO_LAWYERS: dict[str, Template] = {
    "fee_paid": Template(
        Text("律师补贴已支付：{number}", "Subsidy paid: {number}"),
        Text(
            "[{programme}]案件{number}的律师补贴已由银行支付，请留意查收。",
            "The bank has paid the subsidy for case {number}[ ({programme})]; please look at your account.",
        ),
        page="desk_case",
    ),
    "fee_returned": Template(
        Text("请更正收款账户：{number}", "Please correct the account: {number}"),
        Text(
            "[{programme}]案件{number}的律师补贴被银行退回。请在案件页面填写新的本人银行卡，更正后重新支付。",
            "The bank sent back the subsidy for case {number}[ ({programme})]. Please give another card of your own on "
            "the page of the case; then it is paid again.",
        ),
        page="desk_case",
    ),
}
