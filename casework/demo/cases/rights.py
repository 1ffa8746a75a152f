"""Petitions and legal aid: one at each desk that works on them."""
from collections.abc import Callable

from casework.access.models import User
from casework.cases.models import Case
from casework.demo.cases import answers
from casework.demo.cases.acts import THAT_DAY, Act, Story

PETITIONS, LEGAL = "petition_officer", "county_legal_officer"
PAPERS = {"id_card": 1, "poverty_proof": 1, "evidence": 1}


def login_of(name: str) -> Callable[[Case], str]:
    """In an answer: the person of this login, whose id is known only when the act is carried out."""
    return lambda _case: str(User.objects.values_list("pk", flat=True).get(username=name))


def _petition(who: str, day: int, topic: str, employer: str, text: str, *acts: Act) -> Story:
    return Story(f"petition-{who}", "petition", day, "09:20", who, answers.petition(topic, employer, text), acts)


def _admitted(day: int, *, important: bool = False) -> Act:
    given = {"handler": login_of("case_officer"), "important": important}
    return Act(day, "10:40", PETITIONS, "admit.pass", given)


def _answered(day: int, words: str) -> Act:
    return Act(day, "15:20", "case_officer", "investigate.pass", {"answer": words})


def _served(day: int) -> Act:
    return Act(day, "16:30", PETITIONS, "serve.pass", {"way": "online", "served_on": THAT_DAY})


def _aid(who: str, day: int, matter: str, text: str, *acts: Act) -> Story:
    return Story(f"legal-{who}", "legal_aid", day, "09:30", who, answers.legal_aid(who, matter, text), acts, PAPERS)


def _granted(day: int) -> tuple[Act, ...]:
    """Accepted on the day itself, decided two days later."""
    return (
        Act(day, "14:30", LEGAL, "accept.pass"),
        Act(day - 1, "10:20", LEGAL, "examine.pass", {"opinion": "符合援助条件。"}),
        Act(day - 2, "11:10", "approver2", "decide.pass", {"opinion": "同意援助。"}),
    )


def _assigned(day: int, lawyer: str) -> Act:
    given = {
        "lawyer": login_of(lawyer), "licence_no": "示例执业证", "firm": "秦岭示范律师事务所", "no_conflict": True,
    }
    return Act(day, "15:00", LEGAL, "assign.pass", given)


STORIES = (
    _petition("gu_weimin", 1, "insurance", "丹江示范机械公司", "单位两年没有缴纳养老保险。"),
    _petition("an_cuihua", 9, "wages", "秦岭示范纺织厂", "夜班津贴没有按约定发放，涉及二十多人。",
              _admitted(8, important=True)),
    _petition("fan_jianjun", 14, "injury", "丹江示范机械公司", "受伤后单位没有申报工伤。", _admitted(13),
              _answered(2, "单位已补报工伤，医疗费由单位先行垫付。")),
    _petition("kong_fanlin", 15, "dismissal", "城关同城快递", "被口头辞退，没有补偿。", _admitted(14),
              _answered(6, "经调解，单位支付补偿 6000 元。"), _served(5),
              Act(4, "19:10", "kong_fanlin", "heard.ask", {"opinion": "补偿少算了一年工龄。"})),
    _aid("fu_yuqin", 1, "wages", "学校食堂承包方拖欠四个月工资。"),
    _aid("ding_zhiqiang", 4, "injury", "手指受伤，单位不认可工伤。", *_granted(4)),
    _aid("xie_guifang", 7, "dismissal", "怀孕期间被解除劳动合同。", *_granted(7), _assigned(4, "lawyer")),
)
