"""What we tell of the yearly check of a dossier (domain §4.7, §4.10). The words follow the rules of `messages`."""
from casework.core.text import Text
from casework.notifications.template import Template

OF_DOSSIERS: dict[str, Template] = {
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
