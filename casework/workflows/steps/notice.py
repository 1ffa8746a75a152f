"""Public notice: posted without personal data, stopped by an objection, confirmed with photos (domain §4.4)."""

import hashlib
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from casework.core import money
from casework.core.calendar import working_days_between
from casework.core.json import canonical
from casework.core.masks import find_private, mask_name
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import assess, clocks, effects, files, flow, notices
from casework.workflows.campaigns import figures
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.models import PublicNotice, Task
from casework.workflows.steps import asking, common, roster
from casework.workflows.turn import Turn

ROWS_TOLD = 100


def current(turn: Turn) -> PublicNotice | None:
    """The notice of this task that is neither replaced nor taken down."""
    return (
        PublicNotice.objects.filter(task=turn.task).exclude(state__in=["replaced", "cancelled"]).order_by("-id").first()
    )


def live(turn: Turn) -> PublicNotice:
    """The notice, which must be there in this phase."""
    notice = current(turn)
    if notice is None:
        raise RuntimeError("a posted step has a notice")
    return notice


def text_form(turn: Turn) -> FormSpec | None:
    """The words of the notice; the list is made by the system with masks."""
    title = turn.programme.title.zh
    ground = "困难职工帮扶工作规定" if turn.programme.family == "aid" else "有关规定"
    default = f"根据{ground}，经审核，现将{title}拟定名单予以公示。如有异议，请在公示期内向本会反映。"
    return asking.decision_form(
        "post",
        {
            "key": "text",
            "kind": "longtext",
            "max": 1000,
            "required": True,
            "default": default,
            "title": asking.words("公示内容", "Text of the notice"),
            "help": asking.words("不得出现身份证号、手机号、银行卡号。", "No ID, phone or card numbers."),
        },
        asking.short("contact", "异议反映电话与地址", "Where to object (phone, address)"),
    )


def check_text(turn: Turn) -> list[Problem]:
    """Publishing is refused when the text holds an ID, phone or card number."""
    problems = []
    for place in ("text", "contact"):
        words = str(turn.answers.get(place) or "")
        found = find_private(words)
        if place == "contact":
            found = [hit for hit in found if len(hit) != 11]
        if found:
            problems.append(
                Problem(
                    "PRIVATE_DATA",
                    _("The notice holds a number that may not be published."),
                    place=place,
                    mend=_("Take out ID, phone and card numbers."),
                )
            )
    return problems


def rows_of(turn: Turn) -> list[dict[str, str]]:
    """The masked list: name, unit, category, and the amount if the route shows it."""
    case, shows = turn.case, turn.step.options.get("shows", []) if turn.step else []
    if case.life == "campaign":
        return figures.notice_rows(case, turn.programme.title.zh)
    row = {
        "name": mask_name(case.applicant.name),
        "unit": case.organisation.name,
        "kind_of_aid": turn.programme.title.zh,
        "category": case.category,
    }
    if "amount" in shows and case.amount_fen is not None:
        row["amount"] = money.show(case.amount_fen)
    return [row]


def listable(turn: Turn) -> list[Problem]:
    """One board holds only so many rows; a larger campaign is planned county by county."""
    if turn.case.life != "campaign" or turn.case.lines.exclude(state="refused").count() <= figures.NOTICE_MOST:
        return []
    message = _("The list is too long for one notice: at most %(most)s lines.") % {"most": figures.NOTICE_MOST}
    return [Problem("NOTICE_TOO_LONG", message, mend=_("Plan the campaign county by county."))]


def told_rows(rows: list[dict[str, str]]) -> dict[str, object]:
    """What the event keeps of the list: a short one whole, a long one by its hash."""
    if len(rows) <= ROWS_TOLD:
        return {"rows": rows}
    return {"rows_count": len(rows), "rows_sha256": hashlib.sha256(canonical(rows)).hexdigest()}


def post(turn: Turn) -> None:
    """Hang the notice up; the day of posting does not count."""
    _task, step = flow.task_and_step(turn)
    common.note_opinion(turn, "post")
    rows, days = rows_of(turn), int(step.options["days"])
    turn.facts |= {"text": turn.answers["text"], "days": days, **told_rows(rows)}
    turn.then(effects.set_phase, phase="posted")
    turn.then(
        notices.hang,
        text=str(turn.answers["text"]),
        contact=str(turn.answers["contact"]),
        rows=rows,
        days=days,
    )
    turn.then(effects.issue, kind="public_notice")
    turn.then(effects.tell, template="notice_posted")


def objection_form(turn: Turn) -> FormSpec | None:
    """What was objected; the words stay inside."""
    return asking.decision_form("object", asking.long("text", "异议内容", "What was objected", most=1000))


def object_(turn: Turn) -> None:
    """An objection stops the notice; it is examined within ten working days."""
    common.note_opinion(turn, "object")
    notice = live(turn)
    remaining = working_days_between(turn.today, clocks.last_day(notice.ends_at))
    turn.facts["remaining_wd"] = remaining
    turn.then(effects.set_phase, phase="stopped")
    turn.then(notices.stop, notice=notice, text=str(turn.answers["text"]), remaining=remaining)


def reply_form(turn: Turn) -> FormSpec | None:
    """The written reply to the objection."""
    return asking.decision_form("reply", asking.long("reply", "书面答复", "Written reply", most=1000))


def dismiss(turn: Turn) -> None:
    """The objection does not hold: the remaining days run on."""
    common.note_opinion(turn, "dismiss")
    turn.facts["reply"] = turn.answers["reply"]
    turn.then(effects.set_phase, phase="posted")
    turn.then(notices.run_on, notice=live(turn), reply=str(turn.answers["reply"]))


def change_form(turn: Turn) -> FormSpec | None:
    """The reply; for a campaign also the line that is struck."""
    line = {
        "key": "line", "kind": "int", "min": 1, "required": True,
        "title": asking.words("删除的名单编号", "Number of the line that is struck"),
    }
    reply = asking.long("reply", "书面答复", "Written reply", most=1000)
    return asking.decision_form("reply", *([line] if turn.case.life == "campaign" else []), reply)


def check_change(turn: Turn) -> list[Problem]:
    """The line is on the list."""
    return roster.check_line(turn) if turn.case.life == "campaign" else []


def change_list(turn: Turn) -> None:
    """The list was wrong: a fresh notice over the full days. An objection upheld strikes one line of a campaign."""
    _task, step = flow.task_and_step(turn)
    common.note_opinion(turn, "change_list")
    turn.facts["reply"] = turn.answers["reply"]
    turn.then(effects.set_phase, phase="posted")
    if turn.case.life == "campaign":
        turn.facts |= {"line": turn.answers["line"], "code": "OBJECTION_UPHELD"}
        turn.then(roster.strike_line, line=int(turn.answers["line"]), code="OBJECTION_UPHELD")
    turn.then(hang_anew, reply=str(turn.answers["reply"]), days=int(step.options["days"]))
    turn.then(effects.issue, kind="public_notice")


def hang_anew(turn: Turn, reply: str, days: int) -> None:
    """The fresh notice lists what is left."""
    notices.replace(turn, live(turn), reply, rows_of(turn), days)


def open_to_denial(turn: Turn) -> list[Problem]:
    """An objection to one line ends the line, not the campaign; and a list that hangs beside the payment comes after
    the decision: what was paid by mistake is claimed back, the case is not denied."""
    if turn.case.life != "campaign":
        if flow.can(turn.case, "deny"):
            return []
        mend = _("Tell the county: money that was paid by mistake is claimed back.")
        return [Problem("DECIDED", _("It is approved already, so it cannot be denied here."), mend=mend)]
    mend = _("Choose the change of the list and name the line.")
    return [Problem("STRIKE_THE_LINE", _("Only the line that was objected to is struck."), mend=mend)]


def uphold(turn: Turn) -> None:
    """The objection holds: the application is not approved."""
    common.note_opinion(turn, "deny")
    turn.facts["reply"] = turn.answers["reply"]
    turn.then(notices.close_objection, notice=live(turn), reply=str(turn.answers["reply"]), result="upheld")
    flow.deny(turn, "OBJECTION_UPHELD")


def ended(turn: Turn) -> None:
    """The days are over: the page is taken down and its links die; the case gets back the days it hung."""
    notice = live(turn)
    turn.facts |= {"step": turn.step.key if turn.step else "", "notice_ended": True}
    assess.after_notice(turn, notice)
    turn.then(effects.set_phase, phase="ended")
    turn.then(notices.take_down, notice=notice)


def confirm_form(turn: Turn) -> FormSpec | None:
    """Photos of the board at start and end."""
    return asking.decision_form(
        "confirm",
        asking.files("photo_start", "公示栏照片（开始）", "Photo of the board, start"),
        asking.files("photo_end", "公示栏照片（结束）", "Photo of the board, end"),
        asking.opinion(required=False),
    )


def check_confirm(turn: Turn) -> list[Problem]:
    """The photos are one's own files."""
    return files.check_files(turn, common.document_facts(turn, "photo_start", "photo_end"))


def confirm(turn: Turn) -> None:
    """Nobody objected, or the objections were answered: the step passes."""
    common.note_opinion(turn, "pass")
    files.take_files(turn, common.document_facts(turn, "photo_start", "photo_end"))
    flow.pass_step(turn)


def phase(*names: str) -> Callable[[Task], bool]:
    """Open in these phases."""

    def when(task: Task) -> bool:
        return task.phase in names

    return when


KIND = StepKind(
    "notice",
    _("Public notice"),
    (
        Choice("post", _("Post the notice"), post, text_form, check_text, listable, phase(""), "primary"),
        Choice("object", _("Record an objection"), object_, objection_form, when=phase("posted")),
        Choice("dismiss", _("Objection dismissed"), dismiss, reply_form, when=phase("stopped"), style="primary"),
        Choice(
            "change_list", _("List changed: new notice"), change_list, change_form, check_change, when=phase("stopped")
        ),
        Choice(
            "uphold", _("Objection upheld"), uphold, reply_form, ready=open_to_denial, when=phase("stopped"),
            style="danger", leads="deny",
        ),
        Choice("ended", _("Days of the notice over"), ended, when=phase("posted"), side="system", decides=False),
        Choice(
            "confirm",
            _("Confirm the result"),
            confirm,
            confirm_form,
            check_confirm,
            when=phase("ended"),
            style="primary",
            leads="on",
        ),
        common.OVERDUE,
    ),
    {
        "scope": Option("one", ("unit", "town", "county", "city"), needed=True),
        "days": Option("days", needed=True),
        "shows": Option("names", ("name", "unit", "kind_of_aid", "category", "amount"), needed=True),
    },
)
