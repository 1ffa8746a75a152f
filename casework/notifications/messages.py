"""What we tell people, by template key: title and text for the app and e-mail, a short text for SMS.

{name} stands for a parameter of the message; a text cannot be sent without it. A part in [ ] is left out when one of
its parameters is missing or empty. {yours} says whose application it is to the reader. SMS says nothing of health,
reasons, income or money (domain §4.10): it may use only the names in SMS_NAMES.
"""
from collections.abc import Mapping
from types import MappingProxyType

from casework.core.text import Text
from casework.notifications.messages_of_dossiers import OF_DOSSIERS, OF_DOSSIERS_TO_UNIONS
from casework.notifications.messages_of_enquiries import OF_ENQUIRIES
from casework.notifications.messages_of_legal_aid import TO_LAWYERS, TO_WORKERS
from casework.notifications.messages_of_offices import OF_OFFICES
from casework.notifications.messages_of_re_examination import OF_RE_EXAMINATION
from casework.notifications.messages_of_work import OF_WORK
from casework.notifications.template import Template

SMS_NAMES = frozenset(
    {"yours", "programme", "number", "query_code", "promised_on", "hand_in_by", "organisation", "phone"}
)


# Whoever filed for somebody else reads the second one.
YOURS = Text("您申请的", "your application for")
THEIRS = Text("您代为提交的", "the application you filed for")

CONTACT = Text("[如有疑问，请致电{organisation}：{phone}。]", "[If you have a question, call {organisation}: {phone}.]")
SMS_CONTACT = Text("[咨询电话{phone}。][{organisation}]", "[ Call {phone}.][ {organisation}]")
EMAIL = Text(
    "[{salutation}：\n\n]您好！{body}\n\n[查看办理情况：{link}\n\n][{organisation}\n]本邮件由系统自动发出，请勿直接回复。\n",
    "Hello,\n\n{body}\n\n[See the case: {link}\n\n][{organisation}\n]This mail was sent automatically; please do not "
    "answer it.\n",
)
# For pages, when a message cannot be put into words.
FALLBACK = Text("您有一条新消息", "You have a new message")
FALLBACK_BODY = Text(
    "您的申请有新的进展，请打开办件页面查看详情。",
    "There is news of your application; open its page to read what happened.",
)

PAUSES: Mapping[str, Text] = MappingProxyType({
    "supplement": Text("等待您补正材料", "we wait for the papers you were asked for"),
    "means_check": Text("等待有关部门核对家庭经济状况", "another office is checking the household's means"),
    "inquiry": Text("等待有关单位答复", "we wait for the answer of another office"),
    "expert_review": Text("等待专家评审", "experts are looking at it"),
})

_APPLICANT: dict[str, Template] = {
    "entry_ends": Template(
        Text("即将到期：{number}", "Ends soon: {number}"),
        Text(
            "[{programme}：]登记{number}[将于{ends_on}到期]。请在到期前重新申报，由工会复核；逾期未申报的，登记到期失效。",
            "[{programme}: ]entry {number} ends[ on {ends_on}]. Apply again before that day, so that the union can "
            "check it anew; otherwise it lapses.",
        ),
    ),
    "submitted": Template(
        Text("{programme}：申请已提交", "{programme}: application received"),
        Text(
            "{yours}{programme}已提交，受理编号{number}[，查询码{query_code}]。我们将先核对材料，是否受理会另行通知您，"
            "您暂时不需要做什么。凭受理编号和申请人身份证号后六位，可随时查询办理进度。",
            "We received {yours} {programme}; its number is {number}[, query code {query_code}]. We first check the "
            "papers and will tell you whether it is accepted; you need not do anything now. With the number and the "
            "last six characters of the applicant's ID number you can check progress at any time.",
        ),
        Text(
            "{yours}{programme}已提交，受理编号{number}[，查询码{query_code}]，凭编号和身份证号后六位可查询进度。",
            "We received {yours} {programme}: number {number}[, query code {query_code}].",
        ),
    ),
    "one_time_notice": Template(
        Text("{programme}：请补正材料", "{programme}: papers are missing"),
        Text(
            "{yours}{programme}（{number}）材料不齐全或不符合要求，需要补正的内容已在《一次性告知书》中全部列明。"
            "[请于{hand_in_by}前（含当日）]在办件页面上传补正材料，也可以邮寄或到窗口提交。补正期间不计入办理时限；"
            "逾期未补正的，视为撤回申请。",
            "Papers of {yours} {programme} ({number}) are missing or need mending. The one-time notice lists all of "
            "them. Please hand them in[ by {hand_in_by}]: on the page of the case, by post or at the window. This "
            "time does not count towards our limit. Without the papers the application counts as withdrawn.",
        ),
        Text(
            "{yours}{programme}（{number}）需补正材料，[请于{hand_in_by}前（含当日）]登录查看一次性告知书并提交，"
            "逾期视为撤回申请。",
            "Papers for {yours} {programme} ({number}) are missing. Please log in, read the one-time notice and hand "
            "them in[ by {hand_in_by}].",
        ),
    ),
    "papers_asked": Template(
        Text("{programme}：请补充材料", "{programme}: one more paper is needed"),
        Text(
            "{yours}{programme}（{number}）审核中需要您补充材料，内容已在告知书中列明。[请于{hand_in_by}前（含当日）]"
            "在办件页面上传，也可以邮寄或到窗口提交。补充期间不计入办理时限；逾期未补充的，将根据已有材料作出决定。",
            "Whoever reviews {yours} {programme} ({number}) needs something more; the notice lists it. Please hand it "
            "in[ by {hand_in_by}]: on the page of the case, by post or at the window. This time does not count towards "
            "our limit. Without it we decide with what there is.",
        ),
        Text(
            "{yours}{programme}（{number}）审核中需补充材料，[请于{hand_in_by}前（含当日）]登录查看告知书并提交。",
            "{yours} {programme} ({number}): something more is needed. Please log in, read the notice and hand it in"
            "[ by {hand_in_by}].",
        ),
    ),
    "more_time": Template(
        Text("{programme}：补正时间已延长", "{programme}: more time for the papers"),
        Text(
            "{yours}{programme}（{number}）的补正时间已延长一次[，请于{hand_in_by}前（含当日）提交]。理由可在办件页面查看；"
            "补正时间不再延长。",
            "You have more time to hand in what {yours} {programme} ({number}) lacks[: by {hand_in_by}]. The page of "
            "the case says why; it is given once only.",
        ),
        Text(
            "{yours}{programme}（{number}）的补正时间已延长一次[，请于{hand_in_by}前（含当日）提交]。",
            "You have more time for the papers of {yours} {programme} ({number})[: by {hand_in_by}].",
        ),
    ),
    "promise_moved": Template(
        Text("{programme}：承诺日期已调整", "{programme}: the promised date moved"),
        Text(
            "国务院已公布放假安排，{yours}{programme}（{number}）的承诺办结日期[由{before_on}]相应调整[为{promised_on}]。",
            "The public holidays of the year are published, so the promised date of {yours} {programme} ({number}) "
            "moves[ from {before_on}][ to {promised_on}].",
        ),
        Text(
            "{yours}{programme}（{number}）的承诺办结日期因放假安排调整[为{promised_on}]。",
            "With the published holidays the promised date of {yours} {programme} ({number}) moves[ to {promised_on}].",
        ),
    ),
    "accepted": Template(
        Text("{programme}：申请已受理", "{programme}: application accepted"),
        Text(
            "{yours}{programme}（{number}）已受理[，承诺于{promised_on}前办结]。《受理通知书》可在办件页面查看和下载。"
            "接下来我们会依次核实和审核，需要您配合时会提前联系您。",
            "We accepted {yours} {programme} ({number}) for handling[ and promise an answer by {promised_on}]. The "
            "notice of acceptance is on the page of the case. Next we verify and review it, and call you when we need "
            "you.",
        ),
        Text(
            "{yours}{programme}（{number}）已受理[，承诺于{promised_on}前办结]。",
            "We accepted {yours} {programme} ({number})[; you get an answer by {promised_on}].",
        ),
    ),
    "paused": Template(
        Text("{programme}：办理时限暂停计算", "{programme}: the clock is stopped"),
        Text(
            "{yours}{programme}（{number}）办理时限已暂停计算[，原因：{reason}]。暂停的时间不计入承诺时限，"
            "恢复后我们会告知您新的办结日期。您暂时不需要做什么。",
            "The clock of {yours} {programme} ({number}) is stopped[: {reason}]. This time does not count towards the "
            "promised date; we tell you the new date when it runs on. You need not do anything now.",
        ),
        Text(
            "{yours}{programme}（{number}）办理时限暂停计算，原因请登录查看，您暂时不需要做什么。",
            "The clock of {yours} {programme} ({number}) is stopped; log in to read why. You need not do anything now.",
        ),
    ),
    "resumed": Template(
        Text("{programme}：恢复办理", "{programme}: work goes on"),
        Text(
            "{yours}{programme}（{number}）已恢复办理，办理时限继续计算[，承诺办结日期为{promised_on}]。",
            "Work on {yours} {programme} ({number}) goes on and the clock runs again[; the promised date is "
            "{promised_on}].",
        ),
        Text(
            "{yours}{programme}（{number}）已恢复办理[，承诺于{promised_on}前办结]。",
            "Work on {yours} {programme} ({number}) goes on[; you get an answer by {promised_on}].",
        ),
    ),
    "returned": Template(
        Text("{programme}：退回重新核实", "{programme}: sent back for another check"),
        Text(
            "{yours}{programme}（{number}）在审核中被退回前一环节重新核实。这是工会内部的复核，不是不予批准，"
            "您暂时不需要做什么；需要您补充说明时，我们会与您联系。",
            "{yours} {programme} ({number}) was sent back to an earlier step to be checked again. This is an internal "
            "check and no refusal. You need not do anything now; we get in touch when we need you.",
        ),
        Text(
            "{yours}{programme}（{number}）已退回前一环节重新核实，您暂时不需要做什么。",
            "An earlier step is being checked again for {yours} {programme} ({number}). You need not do anything now.",
        ),
    ),
    "notice_posted": Template(
        Text("{programme}：已开始公示", "{programme}: the public notice is up"),
        Text(
            "{yours}{programme}（{number}）已开始公示。公示只显示隐去部分姓名的必要信息，不含身份证号、电话、银行卡号和病情。"
            "公示期内无异议的，将进入下一环节。",
            "The public notice for {yours} {programme} ({number}) is up. It shows a masked name and what is "
            "necessary, and no ID number, phone, card or illness. Without an objection the case goes on when its days "
            "are over.",
        ),
        Text(
            "{yours}{programme}（{number}）已开始公示，公示期满无异议将进入下一环节。",
            "The public notice for {yours} {programme} ({number}) is up.",
        ),
    ),
    "approved": Template(
        Text("{programme}：已批准", "{programme}: approved"),
        Text(
            "{yours}{programme}（{number}）已批准。《批准通知书》载明了批准内容和有效期，可在办件页面查看和下载。",
            "We approved {yours} {programme} ({number}). The notice of approval says what was approved and until "
            "when; it is on the page of the case.",
        ),
        Text(
            "{yours}{programme}（{number}）已批准，请登录查看批准通知书。",
            "We approved {yours} {programme} ({number}). Log in to read the notice.",
        ),
    ),
    "denied": Template(
        Text("{programme}：不予批准", "{programme}: not approved"),
        Text(
            "{yours}{programme}（{number}）经审核不予批准[，理由：{reason}]。认定的事实、所依据的规定和申请复核的办法，"
            "详见《不予批准通知书》，可在办件页面查看和下载。如不服本决定，可自收到通知书之日起15日内向上一级工会申请复核。",
            "After review we could not approve {yours} {programme} ({number})[. Reason: {reason}]. The notice on the "
            "page of the case says what we found, which rule applies and how to ask for a review. You may ask the "
            "next higher federation for a review within 15 days of receiving it.",
        ),
        Text(
            "{yours}{programme}（{number}）已有审核结果，请登录查看通知书。如有异议，可自收到通知书之日起15日内申请复核。",
            "There is a decision on {yours} {programme} ({number}). Log in to read it. You may ask for a review "
            "within 15 days of receiving it.",
        ),
    ),
    "not_accepted": Template(
        Text("{programme}：不予受理", "{programme}: not accepted"),
        Text(
            "{yours}{programme}（{number}）不予受理[，理由：{reason}]。详细说明、应向哪里申请以及申请复核的办法，"
            "见《不予受理通知书》，可在办件页面查看和下载。",
            "We could not accept {yours} {programme} ({number})[. Reason: {reason}]. The notice on the page of the "
            "case explains it, says where to apply instead and how to ask for a review.",
        ),
        Text(
            "{yours}{programme}（{number}）未能受理，请登录查看不予受理通知书。",
            "We could not accept {yours} {programme} ({number}). Log in to read the notice.",
        ),
    ),
    "withdrawn": Template(
        Text("{programme}：申请已撤回", "{programme}: application withdrawn"),
        Text(
            "{yours}{programme}（{number}）已按申请人的意愿撤回，本次办理到此结束。今后仍可重新申请。",
            "As the applicant wished, {yours} {programme} ({number}) is withdrawn and the case is closed. A new "
            "application is possible at any time.",
        ),
    ),
    "lapsed": Template(
        Text("{programme}：逾期未补正，视为撤回", "{programme}: counts as withdrawn"),
        Text(
            "{yours}{programme}（{number}）未在规定期限内补正材料，视为撤回申请，本次办理到此结束。材料备齐后可以重新申请，"
            "已提交过的材料仍可使用。",
            "The papers for {yours} {programme} ({number}) were not handed in in time, so it counts as withdrawn and "
            "the case is closed. You may apply again when you have them; papers already handed in can be used again.",
        ),
        Text(
            "{yours}{programme}（{number}）逾期未补正材料，视为撤回。材料备齐后可重新申请。",
            "The papers for {yours} {programme} ({number}) were not handed in in time; it counts as withdrawn. You may "
            "apply again.",
        ),
    ),
    "no_funds": Template(
        Text("{programme}：等待资金安排", "{programme}: waiting for funds"),
        Text(
            "{yours}{programme}（{number}）已完成审核，但目前可用资金不足，已列入等候名单，并非不予批准。"
            "资金到位后将继续审批并通知您，您不需要重新申请。",
            "The review of {yours} {programme} ({number}) is done, but the fund cannot cover it at present. It is on "
            "the waiting list, not refused. When money arrives we go on and tell you; you need not apply again.",
        ),
        Text(
            "{yours}{programme}（{number}）已列入等候名单，继续办理时将通知您，不需要重新申请。",
            "{yours} {programme} ({number}) is on the waiting list. We tell you when it goes on; you need not apply "
            "again.",
        ),
    ),
    "paid": Template(
        Text("{programme}：款项已发放", "{programme}: paid"),
        Text(
            "{yours}{programme}（{number}）款项已由银行发放到登记的收款账户，请留意查收。银行入账可能稍有延迟。",
            "The bank has paid out {yours} {programme} ({number}) to the account you named. It may take a little while "
            "until it shows there.",
        ),
        Text(
            "{yours}{programme}（{number}）已完成发放，请留意查收。",
            "{yours} {programme} ({number}) was paid out; please look at your account.",
        ),
    ),
    "payment_returned": Template(
        Text("{programme}：请更正收款账户", "{programme}: please correct the account"),
        Text(
            "{yours}{programme}（{number}）款项被银行退回[，原因：{code}][（银行说明：{said}）]。请在办件页面填写新的收款账户（须为申请人本人账户），"
            "也可携带身份证和银行卡到窗口办理。更正后我们会重新发放，批准结果不受影响。",
            "The bank sent back the payment for {yours} {programme} ({number})[. Reason: {code}][ (the bank: {said})]. "
            "Please enter a new "
            "account in the applicant's own name on the page of the case, or bring ID card and bank card to the "
            "window. Then we pay again; the approval stands.",
        ),
        Text(
            "{yours}{programme}（{number}）未能发放到账，请登录更正收款账户，或携带身份证和银行卡到窗口办理。",
            "The bank could not carry out the payment for {yours} {programme} ({number}). Log in and correct the "
            "account, or bring ID card and bank card to the window.",
        ),
    ),
}

_APPLICANT |= OF_ENQUIRIES | OF_WORK | TO_WORKERS | OF_DOSSIERS | OF_RE_EXAMINATION
_OFFICERS: dict[str, Template] = {
    "task_overdue": Template(
        Text("办理超期：{number}", "Overdue: {number}"),
        Text(
            "[{programme}]案件{number}[的“{step}”环节]已超过办理时限。请承办人员尽快办理，请监督人员予以督办。",
            "Case {number}[ ({programme})] is past its limit[ at the step “{step}”]. Whoever handles it, please do so "
            "now; supervisors, please follow it up.",
        ),
        page="desk_case",
    ),
    "danger": Template(
        Text("紧急：{number}", "Urgent: {number}"),
        Text(
            "[{programme}]案件{number}登记时注明存在人身安全或群体性事件风险，请立即处置。",
            "Case {number}[ ({programme})] was written down with a risk to life or of a crowd gathering. Please act at "
            "once.",
        ),
        page="desk_case",
    ),
    "extension_asked": Template(
        Text("申请延期：{number}", "More time asked for: {number}"),
        Text(
            "[{programme}]案件{number}[的“{step}”环节]申请延长办理期限，请在案件页面审批。",
            "More time is asked for in case {number}[ ({programme})][ at the step “{step}”]. Please decide on its "
            "page.",
        ),
        page="desk_case",
    ),
    "task_given": Template(
        Text("交办：{number}", "Given to you: {number}"),
        Text(
            "[{programme}]案件{number}已交由您承办，请在办理时限内办结。",
            "Case {number}[ ({programme})] was given to you. Please finish it within its limit.",
        ),
        page="desk_case",
    ),
    "follow_up_due": Template(
        Text("应回访：{number}", "Follow-up due: {number}"),
        Text(
            "[{programme}]案件{number}已到回访日期，请联系本人了解就业情况并登记。",
            "The day has come to follow up case {number}[ ({programme})]. Please ask the person how work goes and "
            "write it down.",
        ),
        page="desk_case",
    ),
    "case_returned_step": Template(
        Text("退回重新办理：{number}", "Sent back to you: {number}"),
        Text(
            "[{programme}]案件{number}已[由“{step}”环节]退回到您经办的环节。请查看退回意见，核实后重新办理。",
            "Case {number}[ ({programme})] was sent back to your step[ from “{step}”]. Please read why, look into it "
            "and handle it again.",
        ),
        page="desk_case",
    ),
    "dossier_verify_due": Template(
        Text("档案待年度核查：{number}", "Yearly check overdue: {number}"),
        Text(
            "困难职工档案{number}的年度核查已逾期。请联系本人核实家庭情况，并办理年审或脱困退出手续。",
            "The yearly check of hardship dossier {number} is overdue. Please verify the family's situation and carry "
            "out the yearly check or the exit.",
        ),
        page="desk_case",
    ),
}

TABLE: Mapping[str, Template] = MappingProxyType(
    _APPLICANT | _OFFICERS | TO_LAWYERS | OF_OFFICES | OF_DOSSIERS_TO_UNIONS
)
FOR_APPLICANTS = frozenset(_APPLICANT)
