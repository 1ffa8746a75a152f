"""What we tell of the yearly check of a dossier (domain §4.7, §4.10), and of what is accepted without a check of the
papers. The words follow the rules of `messages`."""
from casework.core.text import Text
from casework.notifications.template import Template

OF_DOSSIERS: dict[str, Template] = {
    "no_visit": Template(
        Text("{programme}：未能入户调查", "{programme}: no visit was possible"),
        Text(
            "{yours}{programme}（{number}）需要入户调查，但工作人员多次上门未能进行。没有入户调查的，一般不能批准。"
            "请尽快与我们联系，另约时间上门。",
            "{yours} {programme} ({number}) needs a visit at home; we tried more than once and could not make it. "
            "Without a visit it cannot as a rule be approved. Please get in touch soon, so that we come again.",
        ),
        Text(
            "{yours}{programme}（{number}）未能入户调查，请尽快与我们联系，另约时间。",
            "We could not make the visit for {yours} {programme} ({number}). Please get in touch soon.",
        ),
    ),
    "submitted_accepted": Template(
        Text("{programme}：申请已受理", "{programme}: application accepted"),
        Text(
            "{yours}{programme}已提交并受理，受理编号{number}[，查询码{query_code}][，承诺于{promised_on}前办结]。"
            "接下来我们会依次核实和审核，需要您配合时会提前联系您。凭受理编号和申请人身份证号后六位，可随时查询办理进度。",
            "We received and accepted {yours} {programme}; its number is {number}[, query code {query_code}]"
            "[. We promise an answer by {promised_on}]. Next we verify and review it, and call you when we need you. "
            "With the number and the last six characters of the applicant's ID number you can check progress at any "
            "time.",
        ),
        Text(
            "{yours}{programme}已受理，受理编号{number}[，查询码{query_code}][，承诺于{promised_on}前办结]。",
            "We accepted {yours} {programme}: number {number}[, query code {query_code}][; answer by {promised_on}].",
        ),
    ),
    "dossier_check_due": Template(
        Text("年审提醒：{number}", "Yearly check: {number}"),
        Text(
            "您家的困难职工档案（{number}）每年要年审一次[，请于{hand_in_by}前（含当日）办理]"
            "[。年审已于{overdue_on}到期，年审通过前暂不能申请各项帮扶]。请登录后在首页办理[“{programme}”]，"
            "上次填写的内容会带出来，核对修改即可；也可以请所在工会代办。",
            "Your household's hardship dossier {number} is checked once a year[; please apply by {hand_in_by}]"
            "[. The check was due on {overdue_on}, and no aid can be asked for until it is made]. Log in and begin it "
            "on your first page[ ({programme})]: what you told before is filled in. Your union can do it for you.",
        ),
        Text(
            "您家的困难职工档案（{number}）需要年审[，请于{hand_in_by}前办理]。请登录后办理[“{programme}”]，也可请所在工会代办。",
            "Hardship dossier {number} is due for its yearly check[ by {hand_in_by}]. Log in to apply[ ({programme})], "
            "or ask your union.",
        ),
    ),
}
OF_DOSSIERS_TO_UNIONS: dict[str, Template] = {
    "member_check_due": Template(
        Text("会员档案待年审：{number}", "Yearly check of a member: {number}"),
        Text(
            "困难职工档案{number}需要年审[，请于{hand_in_by}前（含当日）办理][，已于{overdue_on}逾期]。"
            "登记人没有登录账号，请联系本人，并为其代办[“{programme}”]。",
            "Hardship dossier {number} is due for its yearly check[ by {hand_in_by}][, overdue since {overdue_on}]. "
            "Its holder has no login: please get in touch and apply for him[ ({programme})].",
        ),
        page="desk_case",
    ),
}
