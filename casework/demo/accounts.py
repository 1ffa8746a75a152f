"""Who can log in to the demonstration. The login page offers ACCOUNTS; the staff of other counties is OTHERS.

Everybody has the password below, so the demonstration is refused outside the embedded setting.
"""
from typing import NamedTuple

from casework.access.models import Role
from casework.core.text import Text
from casework.demo.organisations import names
from casework.demo.people import FAMILIES, Someone

PASSWORD = "casework-demo-2026"


class Account(NamedTuple):
    """One login. role: where he starts; duties: (role, key of the organisation) of each assignment, none for an
    applicant; someone: the person behind it; organisation: name of his office or union."""

    username: str
    name: str
    role: str
    organisation: str
    title: Text
    someone: Someone
    duties: tuple[tuple[str, str], ...] = ()


def _applicant(username: str, union: str, zh: str, en: str) -> Account:
    someone = FAMILIES[username][0]
    return Account(username, someone.name, Role.APPLICANT, names()[union], Text(zh, en), someone)


def _staff(username: str, name: str, serial: int, role: str, place: str, zh: str, en: str, *more: str) -> Account:
    """more: further places where he holds the same role."""
    someone = Someone(name, "611002", f"{1965 + serial % 30}0{1 + serial % 9}1{serial % 10}", serial)
    return Account(
        username, name, role, names()[place], Text(zh, en), someone, tuple((role, where) for where in (place, *more))
    )


APPLICANTS = (
    _applicant("applicant", "textile", "纺织女工，一家三口", "Mill worker, family of three"),
    _applicant("applicant2", "machine", "机修工，审核人何静之兄，四口人", "Fitter, a reviewer's brother"),
    _applicant("applicant3", "express", "快递员，单亲", "Courier, single mother"),
    _applicant("applicant4", "school", "教师，夫妻二人", "Teacher, couple"),
    _applicant("applicant5", "fungus", "农民工，一家三口", "Migrant worker, family of three"),
    _applicant("applicant6", "saltworks", "盐化工人，夫妻二人", "Saltworks hand, couple"),
)

UNIONS = ("textile", "machine", "express", "school")
VISITED = (*UNIONS[1:], "shangzhou")
TOWNS = ("chengguan", "shahezi", "jinghe")

OFFICES = (
    _staff("unit_handler", "苏小梅", 202, Role.UNIT_HANDLER, "textile", "基层工会经办人", "Handler", *UNIONS[1:]),
    _staff("unit_chair", "秦守业", 201, Role.UNIT_CHAIR, "textile", "基层工会主席", "Union chair", *UNIONS[1:]),
    _staff("investigator", "韩冬生", 203, Role.INVESTIGATOR, "textile", "入户调查员", "Investigator", *VISITED),
    _staff("investigator2", "罗春燕", 204, Role.INVESTIGATOR, "textile", "入户调查员（二）", "Investigator", *VISITED),
    _staff("organiser", "曹振华", 205, Role.ORGANISER, "chengguan", "工会组织员", "Union organiser", *TOWNS[1:]),
    _staff("town_handler", "温建国", 271, Role.UNIT_HANDLER, "chengguan", "街道工会经办人", "Handler of a town union"),
    _staff("town_chair", "石玉兰", 272, Role.UNIT_CHAIR, "chengguan", "街道工会主席", "Chair of a town union"),
    _staff("window_clerk", "杨敏", 206, Role.WINDOW_CLERK, "shangzhou", "窗口受理员", "Window clerk"),
    _staff("case_officer", "梁国栋", 207, Role.CASE_OFFICER, "shangzhou", "经办人", "Case officer"),
    _staff("reviewer", "宋明哲", 209, Role.REVIEWER, "shangzhou", "审核人", "Reviewer"),
    _staff("reviewer2", "何静", 210, Role.REVIEWER, "shangzhou", "审核人（二），何志远之妹",
           "Second reviewer, sister of He Zhiyuan"),
    _staff("approver", "许庆安", 211, Role.APPROVER, "shangzhou", "审批人（主席）", "Approver (chair)"),
    _staff("approver2", "唐雅琴", 212, Role.APPROVER, "shangzhou", "审批人（副主席）", "Approver (vice-chair)"),
    _staff("publicity_officer", "邓文静", 214, Role.PUBLICITY_OFFICER, "shangzhou", "公示管理员", "Publicity officer"),
    _staff("finance_officer", "彭立新", 213, Role.FINANCE_OFFICER, "shangzhou", "财务", "Finance officer"),
    _staff("cashier", "曾巧云", 216, Role.CASHIER, "shangzhou", "出纳", "Cashier"),
    _staff("cashier2", "萧卫东", 217, Role.CASHIER, "shangzhou", "出纳（二）", "Second cashier"),
    _staff("supervisor", "田正义", 219, Role.SUPERVISOR, "shangzhou", "效能监督", "Supervisor"),
    _staff("petition_officer", "董建平", 221, Role.PETITION_OFFICER, "shangzhou", "信访专干", "Petition officer"),
    _staff("city_petition_officer", "冯听诉", 248, Role.PETITION_OFFICER, "shangluo", "市总信访专干",
           "City petition officer"),
    _staff("province_petition_officer", "卫公平", 249, Role.PETITION_OFFICER, "province", "省总信访专干",
           "Provincial petition officer"),
    _staff("city_window_clerk", "温茹", 252, Role.WINDOW_CLERK, "shangluo", "市总窗口受理员", "City window clerk"),
    _staff("city_case_officer", "袁晓峰", 223, Role.CASE_OFFICER, "shangluo", "市总经办人", "City case officer"),
    _staff("city_reviewer", "潘慧", 224, Role.REVIEWER, "shangluo", "市总审核人", "City reviewer"),
    _staff("city_approver", "蒋世勋", 225, Role.APPROVER, "shangluo", "市总审批人", "City approver"),
    _staff("hotline_agent", "蔡小芳", 226, Role.HOTLINE_AGENT, "shangluo", "12351 话务员", "Hotline agent"),
    _staff("legal_officer", "余法明", 227, Role.LEGAL_OFFICER, "shangluo", "法律工作部", "Legal officer"),
    _staff("county_legal_officer", "应公道", 250, Role.LEGAL_OFFICER, "shangzhou", "区总法律工作部",
           "County legal officer"),
    _staff("lawyer2", "辛辩之", 251, Role.LAWYER, "shangzhou", "援助律师（二）", "Second legal aid lawyer"),
    _staff("lawyer", "杜维权", 229, Role.LAWYER, "shangluo", "援助律师", "Legal aid lawyer"),
    _staff("assessor", "叶公允", 231, Role.ASSESSOR, "shangzhou", "评审组成员", "Assessor", "shangluo"),
    _staff("assessor2", "方正平", 232, Role.ASSESSOR, "shangzhou", "评审组成员（二）", "Second assessor"),
    _staff("assessor3", "钟衡", 234, Role.ASSESSOR, "shangzhou", "评审组成员（三）", "Third assessor"),
    _staff("city_publicity_officer", "白露", 236, Role.PUBLICITY_OFFICER, "shangluo", "市总公示管理员",
           "City publicity officer"),
    _staff("employer_rep", "程开业", 233, Role.EMPLOYER_REP, "shangluo", "用人单位代表", "Employer's representative"),
    _staff("trainer", "魏传艺", 235, Role.TRAINER, "shangzhou", "培训机构", "Trainer"),
    _staff("auditor", "吕清源", 237, Role.AUDITOR, "shangluo", "经审会委员", "Auditor"),
    _staff("data_protection_officer", "丁守密", 239, Role.DATA_PROTECTION_OFFICER, "shangluo", "个人信息保护负责人",
           "Data protection officer"),
    _staff("policy_officer", "龚立章", 245, Role.POLICY_OFFICER, "shangluo", "政策专员", "Policy officer"),
    _staff("policy_officer2", "贺明规", 246, Role.POLICY_OFFICER, "shangluo", "政策专员（二）",
           "Second policy officer"),
    _staff("county_policy_officer", "康定标", 247, Role.POLICY_OFFICER, "shangzhou", "区总政策专员",
           "County policy officer"),
    _staff("admin", "任维新", 241, Role.ADMIN, "shangluo", "系统管理员", "Administrator"),
    _staff("province_approver", "姚远", 243, Role.PROVINCE_APPROVER, "province", "省总审批人", "Provincial approver"),
)


def _county(prefix: str, county: str, union: str, surname: str, serial: int) -> tuple[Account, ...]:
    """A whole line of staff for another county, so that its cases do not stand still."""
    posts = (
        (Role.UNIT_HANDLER, union, "一"), (Role.UNIT_CHAIR, union, "二"), (Role.INVESTIGATOR, union, "三"),
        (Role.INVESTIGATOR, union, "四"), (Role.WINDOW_CLERK, county, "五"), (Role.CASE_OFFICER, county, "六"),
        (Role.REVIEWER, county, "七"), (Role.APPROVER, county, "八"), (Role.PUBLICITY_OFFICER, county, "九"),
        (Role.FINANCE_OFFICER, county, "十"), (Role.CASHIER, county, "初"), (Role.SUPERVISOR, county, "元"),
        (Role.ORGANISER, county, "末"),
    )
    made: list[Account] = []
    for place, (role, where, given) in enumerate(posts):
        taken = sum(account.role == role for account in made)
        login = f"{prefix}_{role.value}{taken + 1 if taken else ''}"
        made.append(_staff(login, surname + given, serial + place, role, where, names()[county], county.title()))
    return tuple(made)


ACCOUNTS = (*APPLICANTS, *OFFICES)
OTHERS = (
    *_county("zhashui", "zhashui", "fungus", "柞", 301), *_county("dingbian", "dingbian", "saltworks", "定", 331),
    *_county("luonan", "luonan", "walnut", "洛", 361), *_county("danfeng", "danfeng", "winery", "丹", 391),
    *_county("shangnan", "shangnan", "tea", "南", 421), *_county("shanyang", "shanyang", "herbs", "山", 451),
    *_county("zhenan", "zhenan", "silk", "镇", 481),
)
# (login, login of his brother or sister): the first may not touch a case of the second.
SIBLINGS = (("reviewer2", "applicant2"),)
