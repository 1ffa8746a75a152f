"""Asking the applicant for what is missing: before acceptance by the one-time notice, after it by a later step.

Who decides after acceptance may ask for what his own step needs. What the first check missed counts as a second notice
of that check, and needs a supervisor's reason (domain §2, §4.3). The clock rests, at most for the time to supplement;
then the work goes on with what there is: a case that was accepted does not lapse.
"""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.audit.models import Event
from casework.core.problems import Problem
from casework.core.text import Text
from casework.forms.spec import FormSpec
from casework.programmes.reasons import PROBLEM_KINDS
from casework.workflows import corrections, effects
from casework.workflows.choices import Choice, phase
from casework.workflows.models import Task
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

SUPERVISOR_REASON_LEAST = 10
# Goes into the letter and to the applicant, whatever language the officer reads.
NEW_ONE = Text("仍在有效期内的新材料", "A new one that still counts").zh


def rows(turn: Turn, why: asking.Item) -> asking.Item:
    """One row for each thing that is missing or faulty. why: the question that tells whether it may be asked now."""
    things = {key: asking.words(title.zh, title.en) for key, title in corrections.titles(turn.programme).items()}
    problems = {key: asking.words(text.zh, text.en) for key, text in PROBLEM_KINDS.items()}
    return {
        "repeat": "items",
        "title": asking.words("需要补正的内容", "What is missing or faulty"),
        "item_title": asking.words("事项", "Item"),
        "min": 1,
        "max": 20,
        "fields": [
            asking.choice("item", "材料或表格部分", "Paper or part of the form", things),
            asking.choice("problem", "问题", "Problem", problems),
            asking.short("wanted", "请补交", "What to hand in", most=200),
            why,
        ],
    }


def with_expired(form: FormSpec, papers: Iterable[str]) -> FormSpec:
    """The form of a notice in which these papers stand already as expired."""
    given: dict[str, list[str]] = {}
    for number, paper in enumerate(papers):
        row = {"item": paper, "problem": "EXPIRED", "wanted": NEW_ONE}
        given |= {f"items.{number}.{key}": [value] for key, value in row.items()}
    return replace(form, given={**form.given, **given})


def supervisor(title: dict[str, str]) -> asking.Item:
    """Why something is asked for that had to be named before."""
    return {"key": "supervisor_reason", "kind": "longtext", "max": 300, "required": False, "title": title}


def without_reason(turn: Turn) -> list[Problem]:
    """Only a supervisor's reason lets the office ask again."""
    if len(str(turn.answers.get("supervisor_reason") or "").strip()) >= SUPERVISOR_REASON_LEAST:
        return []
    message = _("Everything missing had to be named in the first notice.")
    mend = _("Name only what the supplement itself caused, or give the supervisor's reason (at least 10 characters).")
    return [Problem("SECOND_NOTICE", message, place="supervisor_reason", mend=mend)]


def note(turn: Turn, decision: str, *, second: bool) -> None:
    """Keep what is asked for in the event."""
    common.note_opinion(turn, decision)
    turn.facts |= {"items": list(turn.answers["items"]), "second": second}
    if turn.answers.get("supervisor_reason"):
        turn.facts["supervisor_reason"] = turn.answers["supervisor_reason"]


def wait(turn: Turn, timer: str) -> None:
    """The clock rests until the applicant answers, or the timer rings; the letter goes out."""
    turn.then(effects.set_phase, phase="waiting")
    turn.then(effects.pause, reason="supplement", max_wd=turn.programme.clock.supplement_wd, timer=timer)
    turn.then(effects.issue, kind="one_time_notice")


def ask_form(turn: Turn) -> FormSpec | None:
    """What this step needs; and for what the first check missed, the supervisor's reason."""
    own = asking.yes_no("own_step", "本环节首次需要（不属前一环节漏项）", "First needed by this step")
    why = asking.words("补充告知漏项的理由（须经主管同意）", "Reason for asking for it now (agreed by a supervisor)")
    return asking.decision_form("ask_papers", rows(turn, own), supervisor(why))


def check_ask(turn: Turn) -> list[Problem]:
    """A step asks once for what it needs itself; whatever else it asks for, the first check missed."""
    return without_reason(turn) if _missed(turn) else []


def _missed(turn: Turn) -> bool:
    asked = Q(subject_kind="case", subject_id=str(turn.case.public_id), action=turn.command.action)
    own = all(row.get("own_step") for row in turn.answers["items"])
    return not own or Event.objects.filter(asked).exists()


def ask(turn: Turn) -> None:
    """The applicant is asked, the case stays accepted; what the first check missed is counted there."""
    missed = _missed(turn)
    note(turn, "ask_papers", second=missed)
    if missed:
        turn.facts["missed_by"] = next((s.key for s in turn.programme.steps() if s.kind == "accept"), "")
    wait(turn, timer=f"{turn.step.key if turn.step else ''}.unanswered")
    turn.then(effects.tell, template="papers_asked")


def unanswered(turn: Turn) -> None:
    """The time to supplement has passed: the clock runs again, and the office decides with what there is."""
    common.pause_over(turn, "supplement", back=True)


def here(task: Task) -> bool:
    """Open while nothing is awaited from the applicant."""
    return task.phase != "waiting"


ASK = Choice("ask_papers", _("Ask for a missing paper"), ask, ask_form, check_ask, when=here)
UNANSWERED = Choice(
    "unanswered", _("Time to supplement passed"), unanswered, when=phase("waiting"), side="system", decides=False
)
