"""Cases that go wrong wherever they can and come right again: together they make every choice of both programmes."""

from typing import Any

from casework.audit.models import Event
from casework.cases.models import Case
from casework.programmes.loader import programme_of
from casework.workflows import applicant
from casework.workflows.kinds import KINDS
from casework.workflows.models import Task
from tests import walk
from tests.faults.clicks import Tried, draft_of
from tests.filled import dossier_answers
from tests.office import Office

# The services whose every choice the detours make; "reopen" is a choice of enquiries alone.
WALKED, OF_ENQUIRIES = ("hardship_dossier", "living_aid"), frozenset({"reopen"})


class Patient(Tried):
    """A federation that can wait for its timers."""

    def wait(self, case: Case, action: str) -> None:
        """Until a timer of the case rings."""
        self.now = max(self.now, case.timers.get(action=action, state="set").due_at)
        self.tick()


def about(event: Event) -> tuple[str, str]:
    """(kind of step, decision) of an event of a case; ("applicant", action) without a step."""
    step, _dot, decision = event.action.rpartition(".")
    if not step:
        return "applicant", decision
    task = Task.objects.filter(case__public_id=event.subject_id, step=step).first()
    return (task.kind if task else ""), decision


def opinion(office: Office, case: Case, action: str, who: str, **more: Any) -> None:
    """A decision with a few words."""
    office.do(case, action, who, **(walk.ANSWERS.get(action, {}) | {"opinion": "已核实，情况属实"} | more))


def notice_with_objections(office: Patient, case: Case, step: str, who: str) -> None:
    """Posted, objected to twice, changed once, and confirmed when its days are over."""
    walk.enter_phase(office, case, step, "posted")
    for answer in ("change_list", "dismiss"):
        office.do(case, f"{step}.object", who, text="邻居反映家中有车")
        office.do(case, f"{step}.{answer}", who, reply="经查不实")
    office.wait(case, f"{step}.ended")
    office.do(case, f"{step}.confirm", who, **{key: [office.upload(who, key)] for key in walk.BOARD})


def dossier_with_every_detour(office: Patient) -> Case:
    """A dossier that goes wrong wherever it can and comes right again."""
    draft = draft_of(office, "worker", "hardship_dossier")
    case = Case.objects.get(public_id=office.send(draft, dossier_answers(office)).subject_id)
    for action in ("take", "release", "take"):
        office.do(case, f"unit_check.{action}", "handler")
    walk.enter_phase(office, case, "unit_check", "waiting")
    opinion(office, case, "unit_check.more_time", "handler", days=5)
    office.do(case, "supplement", "worker", id_card=[office.upload("worker", "id_card")])
    walk.accept(office, case)
    office.wait(case, "visit.overdue")
    walk.record_visit(office, case)
    office.do(case, "visit.redo", "visitor_2", opinion="请重新走访")
    walk.visit(office, case)
    opinion(office, case, "discuss.return", "chair", to="visit")
    opinion(office, case, "visit.no_visit", "visitor_1")
    office.do(case, "visit.sign_no_visit", "visitor_2")
    opinion(office, case, "discuss.return", "chair", to="visit")
    walk.visit(office, case)
    office.wait(case, "discuss.overdue")
    opinion(office, case, "discuss.not_supported", "chair")
    notice_with_objections(office, case, "unit_notice", "chair")
    opinion(office, case, "town_check.return", "organiser", to="discuss")
    walk.discuss(office, case)
    office.wait(case, "town_check.overdue")
    opinion(office, case, "town_check.not_supported", "organiser")
    opinion(office, case, "means_check.return", "officer", to="town_check")
    walk.town_check(office, case)
    office.wait(case, "means_check.overdue")
    office.do(case, "means_check.send", "officer", office="区民政局")
    office.wait(case, "means_check.late")
    office.do(case, "means_check.result", "officer", result="differs", income=2_500_000, opinion="以核对为准")
    missing = {"item": "income_proof", "problem": "EXPIRED", "wanted": "近期收入证明", "own_step": True}
    office.do(case, "review.ask_papers", "reviewer", items=[missing])
    opinion(office, case, "review.more_time", "reviewer", days=5)
    office.wait(case, "review.unanswered")
    opinion(office, case, "review.return", "reviewer", to="town_check")
    walk.town_check(office, case)
    reason = "家庭成员患重病，长期卧床，支出很大，应予照顾。"
    opinion(office, case, "review.pass", "reviewer", category="deep", category_reason=reason)
    opinion(office, case, "approve.return", "approver", to="review")
    walk.review(office, case)
    opinion(office, case, "approve.extend", "approver", days=2)
    office.wait(case, "approve.overdue")
    walk.approve(office, case)
    office.wait(case, "county_notice.overdue")
    walk.DOSSIER["county_notice"](office, case)
    office.wait(case, "register.overdue")
    walk.register(office, case)
    return office.fresh(case)


def endings(office: Patient) -> None:
    """Each way an application can fail, one of them after the money came that it had waited for."""
    opinion(office, walk.living_case(office), "unit_check.not_accept", "handler")
    office.do(walk.living_case(office), "withdraw", "worker")
    case = walk.living_case(office)
    missing = [{"item": "income_proof", "problem": "UNCLEAR", "wanted": "清晰的收入证明"}]
    office.do(case, "unit_check.one_time_notice", "handler", items=missing)
    office.wait(case, "lapse")
    for action, who in (("review.deny", "reviewer"), ("approve.deny", "approver")):
        case = walk.go(office, walk.living_case(office), walk.LIVING, action.partition(".")[0])
        opinion(office, case, action, who)
    case = walk.go(office, walk.living_case(office), walk.LIVING, "county_notice")
    assert office.task(case, "approve").phase == "no_funds", "the fund of last year"
    office.make_fund("living", 10_000_000_00)
    walk.approve(office, case)
    walk.enter_phase(office, case, "county_notice", "stopped")
    office.do(case, "county_notice.uphold", "publicity", reply="经查属实")


def money_with_a_closed_card(office: Patient) -> Case:
    """Aid accepted in silence, late everywhere, returned by the bank once."""
    case = walk.living_case(office)
    office.wait(case, "unit_check.silence")
    office.wait(case, "review.overdue")
    walk.review(office, case)
    walk.approve(office, case)
    walk.LIVING["county_notice"](office, case)
    rejected = office.make_batch(case)
    office.check_batch(rejected, approve=False)
    for back in ((case,), ()):
        batch = office.make_batch(case)
        office.check_batch(batch)
        office.export_batch(batch)
        office.answer_batch(batch, *back)
        office.tick()
        if back:
            office.wait(case, "pay.overdue")
            office.do(case, "new_card", "worker", card_no="6217001234567890121", bank="中国建设银行", confirm=True)
    return case


def everything_offered(office: Office) -> set[tuple[str, str]]:
    """(kind of step, decision) of every choice of every step of the dossier and of living aid, and what their applicant
    can do. A step whose silence has an effect is never overdue; the others know no silence. The routes of the other
    services are tried by the walker of tests/engine."""
    found = {("applicant", choice.key) for choice in applicant.CHOICES if choice.key not in OF_ENQUIRIES}
    for key in WALKED:
        for step in programme_of(office.version(key)).steps():
            never = "overdue" if step.options.get("silence") else "silence"
            found |= {(step.kind, choice.key) for choice in KINDS[step.kind].choices if choice.key != never}
    return found
