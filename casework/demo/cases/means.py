"""How the households live: what each declares for its dossier. Sums in yuan of twelve months."""
from typing import NamedTuple


class Means(NamedTuple):
    """work, health, cause: as the form names them. wage: of the worker, 0 for none. spent, back: rigid spending of its
    kind and what was reimbursed of it. works: of the people he lives with, in their order."""

    statement: str
    wage: int
    spent: int
    kind: str = "medical"
    back: int = 0
    cause: str = "family_illness"
    works: tuple[str, ...] = ()
    work: str = "employed"
    health: str = "good"
    migrant: bool = False


MEANS: dict[str, Means] = {
    "applicant3": Means("离异，独自抚养上小学的孩子，送快递收入不稳定，房租和孩子的托管费压力很大。", 26_000, 9_600,
                        kind="school", cause="single_parent", works=("student",)),
    "applicant4": Means("丈夫做了心脏手术，长期服药，家里只剩一份工资。", 42_000, 31_000, back=12_000,
                        works=("unable",)),
    "applicant5": Means("妻子患慢性肾病，每周透析，孩子在外地上大学。", 38_000, 46_000, back=25_000,
                        works=("unable", "student"), migrant=True),
    "xu_guilan": Means("丈夫中风后卧床，需要人照料，女儿上高中，靠我一人的工资生活。", 31_000, 24_000, "care",
                       works=("unable", "student")),
    "du_xiuzhen": Means("父亲患癌，正在化疗，自费药多。", 34_000, 38_000, back=21_000, works=("retired",)),
    "shi_baocheng": Means("夫妻二人身体都不好，我今年查出尿毒症，已经办理病退。", 14_400, 29_000, back=17_000,
                          cause="own_illness", works=("unable",), work="unable", health="serious"),
    "jiang_lihua": Means("单亲家庭，女儿患先天性心脏病，今年做了第二次手术。", 30_000, 42_000, back=26_000,
                         works=("student",)),
    "ma_changshun": Means("车间减产，只发基本生活费，妻子没有工作，孩子上高三。", 22_000, 8_000, "school",
                          cause="schooling", works=("unable", "student")),
    "bai_yulan": Means("父亲患阿尔茨海默病，白天请人照看。", 32_000, 18_000, "care", works=("retired",)),
    "hu_desheng": Means("妻子患类风湿多年，丧失劳动能力，每月药费一千多元。", 30_000, 16_800, back=4_000,
                        works=("unable",)),
    "yao_meiling": Means("独自抚养孩子，今年查出甲状腺肿瘤，手术后还在恢复。", 24_000, 21_000, back=8_000,
                         cause="own_illness", works=("student",), health="serious"),
    "xie_guifang": Means("父亲瘫痪在床，护理费用高。", 29_000, 15_600, "care", works=("retired",)),
    "luo_jianping": Means("我患肝硬化，妻子照顾我不能上班。", 18_000, 20_000, back=9_000, cause="own_illness",
                          works=("unable",), work="unable", health="serious"),
    "tan_xiaohong": Means("单亲，孩子自闭症，需要长期康复训练。", 27_000, 26_000, "care", works=("student",)),
    "cui_yongfu": Means("妻子病故，留下医疗欠债，孩子正读大学一年级。", 34_000, 19_000, "school", cause="schooling",
                        works=("student",)),
    "liu_dongmei": Means("孩子今年结婚，家里花销大。", 58_000, 6_000, "other", cause="low_income", works=("employed",)),
}
