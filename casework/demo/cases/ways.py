"""The ordinary way of the services, step by step, at days counted back from today."""
from casework.demo.cases.acts import THAT_DAY, THE_AWARD, Act

POST = {
    "text": "根据困难职工帮扶工作规定，经审核，现将拟定名单予以公示。如有异议，请在公示期内向本会反映。",
    "contact": "商州区总工会 0914-2388888",
}
BOARD = {"photo_start": 1, "photo_end": 1}
SHEET = {
    "visited_on": THAT_DAY, "place": "城关街道东背街社区", "met": "本人及家人", "agrees": True,
    "housing": "自有住房一套，约 70 平方米，陈设简单。",
    "finding": "家庭收入与申报一致，医疗和护理支出大。", "difficulty": "困难情况属实。",
}
AGREES = {"result": "consistent", "opinion": "与申报一致。"}
MINUTES = {"held_on": THAT_DAY, "present": 7, "in_favour": 7, "opinion": "情况属实，同意上报。"}


def dossier(day: int, until: str = "") -> tuple[Act, ...]:
    """Eighteen working days from the application of that day to the entry; until: the step that is not done yet."""
    acts = (
        Act(day, "15:10", "unit_handler", "unit_check.pass", {"opinion": "材料齐全。"}),
        Act(day - 1, "10:00", "investigator", "visit.record", SHEET, {"photos": 2, "signature": 1}),
        Act(day - 1, "16:00", "investigator2", "visit.sign"),
        Act(day - 2, "09:30", "unit_chair", "discuss.pass", MINUTES),
        Act(day - 2, "11:00", "unit_chair", "unit_notice.post", POST),
        Act(day - 8, "09:10", "unit_chair", "unit_notice.confirm", files=BOARD),
        Act(day - 8, "14:30", "organiser", "town_check.pass", {"opinion": "同意上报。"}),
        Act(day - 9, "10:00", "case_officer", "means_check.send", {"office": "商州区民政局"}),
        Act(day - 10, "15:00", "case_officer", "means_check.result", AGREES),
        Act(day - 11, "09:40", "reviewer", "review.pass", {"opinion": "符合建档条件。"}),
        Act(day - 11, "16:20", "approver2", "approve.pass", {"opinion": "同意建档。"}),
        Act(day - 12, "09:05", "publicity_officer", "county_notice.post", POST),
        Act(day - 18, "09:30", "publicity_officer", "county_notice.confirm", files=BOARD),
        Act(day - 18, "15:00", "case_officer", "register.pass"),
    )
    return before(acts, until)


def living(day: int, until: str = "") -> tuple[Act, ...]:
    """Ten working days from the application of that day to the payment desk."""
    acts = (
        Act(day, "16:00", "unit_handler", "unit_check.pass", {"opinion": "材料齐全。"}),
        Act(day - 2, "10:30", "reviewer", "review.pass", {"opinion": "档案在档，符合救助条件。"}),
        Act(day - 3, "11:00", "approver2", "approve.pass", {"amount": THE_AWARD, "opinion": "同意按核定金额发放。"}),
        Act(day - 4, "09:20", "publicity_officer", "county_notice.post", POST),
        Act(day - 10, "10:10", "publicity_officer", "county_notice.confirm", files=BOARD),
    )
    return before(acts, until)


def temporary(day: int, until: str = "") -> tuple[Act, ...]:
    """Three working days from the application of that day to the payment desk."""
    acts = (
        Act(day, "14:20", "unit_handler", "unit_check.pass", {"opinion": "证明齐全。"}),
        Act(day - 1, "10:15", "reviewer", "review.pass", {"opinion": "变故属实。"}),
        Act(day - 2, "09:45", "approver2", "approve.pass", {"amount": THE_AWARD, "opinion": "同意。"}),
    )
    return before(acts, until)


def before(acts: tuple[Act, ...], until: str) -> tuple[Act, ...]:
    """The acts up to the step, or the very action, that is not done yet; all of them when none is named."""
    actions = [act.action for act in acts]
    place = next((n for n, action in enumerate(actions) if until in (action, action.partition(".")[0])), len(acts))
    return acts[:place]
