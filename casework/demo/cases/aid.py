"""Aid: paid and rated, paid, on its way to the bank, at every desk before; and what went otherwise."""
from casework.demo.cases import answers, ways
from casework.demo.cases.acts import Act, Run, Story

PROOF = {"income_proof": 1}
EVENT = {"event_proof": 1}
HOSPITAL = {"settlement": 1, "diagnosis_paper": 1}


def _living(who: str, day: int, yuan: int, reason: str, until: str = "", *more: Act) -> Story:
    acts = (*ways.living(day, until), *more)
    return Story(f"living-{who}", "living_aid", day, "09:30", who, answers.living(who, yuan, reason), acts, PROOF)


def _temporary(who: str, day: int, until: str, told: tuple[str, int, str, str], *more: Act) -> Story:
    """told: event, loss in yuan, the worker's own words, number of the proof."""
    acts = (*ways.temporary(day, until), *more)
    return Story(f"temporary-{who}", "temporary_aid", day, "10:00", who, answers.temporary(who, *told), acts, EVENT)


STORIES = (
    _living("applicant3", 20, 5_000, "孩子托管费和房租占了大半收入，冬季取暖费还没有着落。", "",
            Act(4, "20:15", "applicant3", "rate.give", {"stars": "5", "opinion": "办得很快，谢谢工会。"})),
    _living("xu_guilan", 20, 6_000, "丈夫卧床需要护理，女儿住校，生活费不够。"),
    _living("du_xiuzhen", 13, 6_000, "父亲化疗自费药多，生活费紧张。", "review"),
    Story("medical-shi_baocheng", "medical_aid", 11, "14:00", "shi_baocheng",
          answers.medical("shi_baocheng", "慢性肾衰竭（尿毒症期）", 21_600, 14_200), (
              Act(10, "09:30", "unit_handler", "unit_check.pass", {"opinion": "结算单齐全。"}),
              Act(9, "15:20", "case_officer", "calculate.pass"),
          ), HOSPITAL),
    _temporary("gu_weimin", 4, "",
               ("traffic", 5_200, "上班路上被摩托车撞伤，对方没有赔付能力。", "商州公交认字第 118 号")),
    _temporary("an_cuihua", 3, "", ("fire", 2_600, "厨房失火，灶具和家具烧毁。", "商州消认字第 42 号")),
    _temporary("fan_jianjun", 3, "", ("accident", 2_200, "孩子烫伤住院，自费部分较多。", "")),
    _temporary("xu_qingping", 2, "approve", ("illness", 4_800, "突发脑梗住院，垫付费用较多。", "")),
    _temporary("ding_zhiqiang", 2, "approve", ("disaster", 9_500, "老房子被山洪冲毁，借住在亲戚家。", "")),
    _temporary("fu_yuqin", 2, "review", ("accident", 1_900, "下楼摔倒骨折，需要手术。", "")),
    _temporary("kong_fanlin", 7, "review", ("traffic", 1_200, "送件时电动车被撞坏。", ""),
               Act(6, "09:10", "kong_fanlin", "withdraw", {"opinion": "对方保险已经全额赔付，不再申请。"})),
)
RUNS = (
    Run(("living-applicant3", "living-xu_guilan"), (9, "10:00"), (9, "15:30"), (8, "09:40"), (6, "11:20")),
    Run(("temporary-gu_weimin",), (1, "16:10")),
)
