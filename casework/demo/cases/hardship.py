"""Dossiers: some entered long ago, one or two at each step of the route, one refused."""
from casework.demo.cases import answers, ways
from casework.demo.cases.acts import Act, Story

FILES = {"id_card": 1, "income_proof": 1}
MISSING = {"items": [
    {"item": "income_proof", "problem": "EXPIRED", "wanted": "近 6 个月内开具的收入证明"},
    {"item": "labour_contract", "problem": "UNCLEAR", "wanted": "能看清起止日期的满一年的劳动合同"},
]}
TOO_MUCH = {"code": "INCOME_ABOVE_LINE", "opinion": "夫妻二人均有工资，人均月收入高于低保标准的两倍。"}


def _story(who: str, day: int, until: str = "", time: str = "09:20") -> Story:
    return _told(who, day, ways.dossier(day, until), time)


def _told(who: str, day: int, acts: tuple[Act, ...], time: str = "09:20") -> Story:
    return Story(f"dossier-{who}", "hardship_dossier", day, time, who, answers.dossier(who), acts, FILES)


STORIES = (
    # Entered; the aid of aid.py rests on them.
    _story("applicant3", 44), _story("xu_guilan", 43), _story("du_xiuzhen", 41), _story("shi_baocheng", 40),
    # On their way, from the end of the route to its beginning.
    _story("xie_guifang", 16, "county_notice.confirm"),
    _story("luo_jianping", 15, "county_notice"),
    _story("tan_xiaohong", 14, "approve"),
    _story("applicant4", 14, "review"),
    _told("liu_dongmei", 17, (*ways.dossier(17, "review"), Act(5, "10:20", "reviewer", "review.deny", TOO_MUCH))),
    _story("cui_yongfu", 11, "means_check.result"),
    _story("hu_desheng", 9, "town_check"),
    _story("bai_yulan", 9, "unit_notice.confirm", "10:05"),
    _story("ma_changshun", 3, "discuss"),
    _story("jiang_lihua", 3, "visit.sign", "11:00"),
    _told("yao_meiling", 1, (), "10:40"),
    # In the next county: papers are missing.
    _told("applicant5", 6, (Act(4, "09:50", "zhashui_unit_handler", "unit_check.one_time_notice", MISSING),)),
)
