"""Calls to the hotline, people who join a union, and union cards."""
from collections.abc import Mapping

from casework.demo.cases import answers
from casework.demo.cases.acts import NONE, Act, Story

AGENT, OFFICER = "hotline_agent", "case_officer"


def _call(key: str, day: int, time: str, form: answers.Form, *acts: Act) -> Story:
    return Story(f"call-{key}", "hotline_ticket", day, time, AGENT, form, acts)


def _handed(day: int, time: str, how: str) -> tuple[Act, Act]:
    """Handed over and taken on on one day."""
    return (
        Act(day, time, AGENT, "desk.hand_over"),
        Act(day, "17:00", OFFICER, "take_on.pass", {"matter_class": how}),
    )


def _answer(day: int, words: str) -> Act:
    return Act(day, "15:40", OFFICER, "handle.pass", {"answer": words})


def _joining(who: str, day: int, employer: str, work: str, *acts: Act) -> Story:
    return Story(f"joining-{who}", "membership", day, "11:30", who, answers.membership(who, employer, work), acts)


def _cards(union: str, day: int, who: tuple[str, ...], *acts: Act, files: Mapping[str, int] = NONE) -> Story:
    form = answers.cards(union, *who)
    return Story(f"cards-{union}", "union_card", day, "10:50", "unit_handler", form, acts, files or {"consents": 1})


STORIES = (
    _call("advice", 9, "09:40", answers.call("advice", "快递员没有和公司签合同，能不能加入工会？"),
          Act(9, "09:52", AGENT, "desk.pass", {"answer": "可以。可加入所在街道总工会，线上申请即可。"})),
    _call("wages", 8, "10:10", answers.call("help", "工地拖欠三个月工资，十几个人没拿到。", "石大川", "13900008801"),
          *_handed(8, "10:20", "hard")),
    _call("heat", 6, "14:30", answers.call("complaint", "夏天高温补贴没有发过。", "葛秀兰", "13900008802"),
          *_handed(6, "14:40", "simple"), _answer(1, "已与单位核实，欠发的高温津贴随本月工资补发。")),
    _call("canteen", 7, "09:00", answers.call("suggestion", "希望园区给夜班职工开食堂。", "霍建国", "13900008803"),
          *_handed(7, "09:10", "simple"), _answer(3, "园区食堂已延长供餐至二十三时。"),
          Act(1, "10:30", AGENT, "callback.pass", {"stars": "4", "opinion": "已经开了，饭菜还可以。"})),
    _call("overtime", 1, "15:20", answers.call("complaint", "连续加班一个月没有调休。", "苗小雨", "13900008804"),
          Act(1, "15:31", AGENT, "desk.hand_over")),
    _call("insurance", 1, "16:45", answers.call("advice", "职工互助保障什么时候可以参保？")),
    _joining("he_xiaoping", 12, "丹江示范机械公司", "contract",
             Act(12, "15:00", "unit_handler", "unit_check.pass"),
             Act(11, "10:00", "unit_chair", "approve.pass", {"opinion": "同意入会。"}),
             Act(11, "14:00", "unit_handler", "register.pass")),
    _joining("zou_lan", 2, "城关同城快递", "platform", Act(1, "09:15", "unit_handler", "unit_check.pass")),
    _joining("niu_xiaojun", 1, "秦岭示范纺织厂", "contract"),
    _joining("sheng_hao", 1, "网约车平台", "platform"),
    _joining("qu_fangfang", 2, "外卖平台", "platform", Act(1, "10:25", "town_handler", "unit_check.pass")),
    _cards("machine", 3, ("fan_jianjun", "ma_changshun", "gu_weimin", "luo_jianping"),
           Act(2, "09:35", "window_clerk", "accept.pass")),
    _cards("textile", 1, ("xu_guilan", "hu_desheng", "an_cuihua")),
)
