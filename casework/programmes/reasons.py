"""Reason codes of domain §4.10: text, clause and hint in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from casework.core.text import Text

APPEAL = Text(
    "如不服本决定，可自收到之日起 15 日内向上一级工会申请复核，由另一名工作人员办理。",
    "You may ask the next higher federation for a review within 15 days; another officer will handle it.",
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an application ends. clause: the rule it rests on. appeal: how to ask for a review."""

    text: Text
    clause: Text
    appeal: Text = APPEAL


def _reason(zh: str, en: str, clause_zh: str, clause_en: str) -> Reason:
    return Reason(Text(zh, en), Text(clause_zh, clause_en))


DENIALS: Mapping[str, Reason] = MappingProxyType(
    {
        "INCOME_ABOVE_LINE": _reason(
            "家庭人均月收入不低于低保标准的两倍",
            "Income per head is not below twice the subsistence line",
            "困难职工建档标准：人均月收入低于当地低保标准两倍",
            "Dossier standard: income per head below twice the local line",
        ),
        "EXCL_HOMES": _reason(
            "家庭拥有两套及以上住房", "The household owns two or more homes", "不予建档情形：住房", "Exclusions: homes"
        ),
        "EXCL_BUSINESS": _reason(
            "家庭有雇工经营",
            "The household runs a business that hires others",
            "不予建档情形：经营",
            "Exclusions: business",
        ),
        "EXCL_SCHOOL": _reason(
            "子女就读高收费私立学校或自费出国留学",
            "A child attends a high-fee private school or studies abroad at own cost",
            "不予建档情形：就学",
            "Exclusions: schooling",
        ),
        "EXCL_CAR": _reason(
            "家庭经常使用非营运车辆",
            "The household regularly uses a private car",
            "不予建档情形：车辆",
            "Exclusions: vehicle",
        ),
        "FALSE_DATA": _reason("申报内容不实", "What was declared is not true", "诚信承诺", "Pledge of truth"),
        "CHECK_REFUSED": _reason(
            "拒绝家庭经济状况核对", "The household refused the means check", "家庭经济状况核对", "Household means check"
        ),
        "NO_DOSSIER": _reason(
            "没有在档的困难职工档案",
            "There is no hardship dossier in force",
            "先建档、后帮扶",
            "First the dossier, then the aid",
        ),
        "DUPLICATE_AID": _reason(
            "同一家庭本年度已享受同类帮扶",
            "The household already received this aid this year",
            "重复帮扶规则",
            "Rule on duplicate aid",
        ),
        "NOT_INSURED": _reason(
            "未参加职工互助保障", "Not insured in the mutual-aid plan", "互助保障：参保", "Mutual aid: enrolment"
        ),
        "IN_WAITING_PERIOD": _reason(
            "入院时仍在等待期内",
            "Admission lies in the waiting period",
            "互助保障：等待期",
            "Mutual aid: waiting period",
        ),
        "COVER_ENDED": _reason(
            "入院时保障期已结束", "The cover had ended at admission", "互助保障：保障期", "Mutual aid: cover period"
        ),
        "EXCLUDED_CAUSE": _reason(
            "属于免责情形", "The cause is excluded from the cover", "互助保障：责任免除", "Mutual aid: exclusions"
        ),
        "NOT_LISTED_DISEASE": _reason(
            "不在保障病种范围内",
            "The disease is not on the plan's list",
            "互助保障：病种目录",
            "Mutual aid: list of diseases",
        ),
        "NOT_FIRST_DIAGNOSIS": _reason(
            "不是首次确诊", "Not a first diagnosis", "互助保障：首次确诊", "Mutual aid: first diagnosis"
        ),
        "CRITERION_MISSING": _reason(
            "未达到保障病种的认定标准，所缺标准见认定的事实",
            "A criterion of the disease is not met; the facts found name it",
            "互助保障：病种认定标准",
            "Mutual aid: criteria of the diseases",
        ),
        "BELOW_DEDUCTIBLE": _reason(
            "自付费用未超过起付线", "The own cost does not pass the deductible", "起付线规则", "Rule on the deductible"
        ),
        "CAP_REACHED": _reason("已达年度封顶线", "The yearly cap is reached", "封顶线规则", "Rule on the cap"),
        "LATE_CLAIM": _reason(
            "超过申请时限", "Claimed after the last day", "互助保障：申请时限", "Mutual aid: time to claim"
        ),
        "SCORE_BELOW_PASS": _reason(
            "评分未达到合格线", "The score is below the pass mark", "评审标准：合格线", "Standard: pass mark"
        ),
        "VOTE_LOST": _reason(
            "未获得评审委员会半数以上同意", "The committee did not vote for it with more than half", "评审委员会表决",
            "Vote of the committee",
        ),
        "QUOTA_FULL": _reason("名额已满", "The quota is used up", "名额分配", "Quota"),
        "ATTENDANCE_LOW": _reason(
            "出勤率不足 80%", "Attendance is below 80 per cent", "培训结业规定：出勤", "Certificates: attendance"
        ),
        "EXAM_FAILED": _reason("考核不合格", "The exam was not passed", "培训结业规定：考核", "Certificates: exam"),
        "WAGE_BELOW_MINIMUM": _reason(
            "工资低于当地最低工资标准", "The wage is below the local minimum", "岗位登记：工资", "Vacancies: wage"
        ),
        "DISCRIMINATION": _reason(
            "招用条件含有歧视性内容", "The conditions discriminate", "岗位登记：招用条件", "Vacancies: conditions"
        ),
        "EMPLOYER_BARRED": _reason(
            "用人单位列入失信或违法用工名单", "The employer stands on a list of offenders", "岗位登记：用人单位",
            "Vacancies: employer",
        ),
        "VETO_ITEM": _reason("存在一票否决事项", "A veto item applies", "一票否决事项", "Veto items"),
        "NOT_ELIGIBLE": _reason("不符合申请条件", "The conditions are not met", "申请条件", "Who may apply"),
        "OBJECTION_UPHELD": _reason(
            "公示期间异议经查属实",
            "An objection to the notice was found to be true",
            "公示规则",
            "Rule on public notices",
        ),
    }
)

NOT_ACCEPTED: Mapping[str, Reason] = MappingProxyType(
    {
        "NOT_OUR_MATTER": _reason(
            "不属于工会受理范围", "This is not a matter for the union", "受理范围", "Matters accepted"
        ),
        "NOT_OUR_LEVEL": _reason(
            "应由其他层级工会受理", "Another level of the union accepts this", "受理层级", "Level of acceptance"
        ),
        "NOT_MEMBER": _reason("申请人不是工会会员", "The applicant is not a union member", "申请条件", "Who may apply"),
        "NO_AUTHORITY": _reason(
            "代办人没有委托书", "The helper has no letter of authority", "委托代办", "Acting for others"
        ),
        "OUT_OF_WINDOW": _reason(
            "不在受理时间内", "Applications are closed at this time", "受理时间", "Time of acceptance"
        ),
        "ALREADY_OPEN": _reason(
            "同一事项已在办理中", "The same matter is being handled already", "一事一办", "One matter, one case"
        ),
    }
)

UNREGISTERED: Mapping[str, Reason] = MappingProxyType(
    {
        "NOT_REGISTERED": _reason(
            "未在相应名册中登记", "Not entered in the register this rests on", "申请条件", "Who may apply"
        ),
    }
)

# What a re-examination is denied for: the refusal stands, and nothing more can be asked for (domain §4.3: only once).
REFUSAL_STANDS = "REFUSAL_STANDS"
FINAL = Text(
    "复核以一次为限，本决定为最终决定，不再受理复核申请。",
    "A refusal is looked at again once only, so this decision is final.",
)
RE_EXAMINED: Mapping[str, Reason] = MappingProxyType(
    {
        REFUSAL_STANDS: Reason(
            Text("经复核，维持原决定", "The refusal was looked at again and stands"),
            Text("复核规定：原决定事实清楚、适用规定正确的，予以维持", "Re-examination: what is right stands"),
            FINAL,
        ),
    }
)

PROBLEM_KINDS: Mapping[str, Text] = MappingProxyType(
    {
        "MISSING": Text("缺少", "Missing"),
        "UNCLEAR": Text("不清晰", "Not legible"),
        "EXPIRED": Text("已过期", "Expired"),
        "INCONSISTENT": Text("前后不一致", "Contradicts other papers"),
        "UNSIGNED": Text("未签名", "Not signed"),
        "UNSEALED": Text("未盖章", "Not sealed"),
        "WRONG_FORM": Text("样式不符", "Wrong form"),
    }
)

RETURNS: Mapping[str, Text] = MappingProxyType(
    {
        "NAME_MISMATCH": Text("户名不符", "The name does not fit the account"),
        "CARD_CLOSED": Text("账户已销户", "The account is closed"),
        "CARD_TYPE": Text("卡类型不符", "The card cannot receive transfers"),
        "BANK_INFO": Text("开户行信息有误", "The bank's details are wrong"),
        "LIMIT": Text("超过账户限额", "Above the limit of the account"),
        "OTHER": Text("其他原因", "Another reason"),
    }
)

ENDINGS: Mapping[str, Text] = MappingProxyType(
    {
        "BY_PERSON": Text("申请人撤回", "Withdrawn by the applicant"),
        "LAPSED": Text("逾期未补正，视为撤回", "Not supplemented in time"),
        "DOSSIER_NOT_VERIFIED": Text("档案年审逾期", "Yearly check of the dossier overdue"),
        "DROPPED_OUT": Text("中途退班", "Left the class"),
        "DECEASED": Text("已去世", "Deceased"),
        "MOVED_AWAY": Text("已迁出", "Moved away"),
        "BECAME_OTHER": Text("已转为其他事项继续办理", "Goes on as another service"),
        "SAME_MATTER": Text("与另一案件为同一事项，合并办理", "The same matter as another case"),
        "NO_FUNDS": Text("资金不足，已列入等候", "Waiting for funds"),
    }
)

CATEGORIES: Mapping[str, Text] = MappingProxyType(
    {
        "deep": Text("深度困难", "Deep hardship"),
        "relative": Text("相对困难", "Relative hardship"),
        "accidental": Text("意外致困", "Accidental hardship"),
        "none": Text("不符合困难标准", "Outside the standard"),
    }
)


def text_of(code: str) -> Text:
    """The words of any reason code."""
    for table in (DENIALS, NOT_ACCEPTED, UNREGISTERED, RE_EXAMINED):
        if code in table:
            return table[code].text
    for words in (ENDINGS, RETURNS, CATEGORIES):
        if code in words:
            return words[code]
    return Text(code, code)
