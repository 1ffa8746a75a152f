"""Public notice: posted without personal data, stopped by an objection, confirmed with photos (domain §4.4)."""

from django.utils.translation import gettext_lazy as _

from casework.core.masks import find_private
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import assess, effects, files, flow, notices
from casework.workflows.choices import Choice, Option, StepKind, phase
from casework.workflows.steps import asking, board, common, objections
from casework.workflows.turn import Turn


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


def post(turn: Turn) -> None:
    """Hang the notice up; the day of posting does not count."""
    _task, step = flow.task_and_step(turn)
    common.note_opinion(turn, "post")
    rows, days = board.rows_of(turn), int(step.options["days"])
    turn.facts |= {"text": turn.answers["text"], "days": days, **board.told_rows(rows)}
    turn.then(effects.set_phase, phase="posted")
    notice = notices.write(turn, str(turn.answers["text"]), str(turn.answers["contact"]), rows, days)
    turn.then(notices.hang, notice=notice)
    turn.then(effects.issue, kind="public_notice")
    turn.then(effects.tell, template="notice_posted")


def ended(turn: Turn) -> None:
    """The days are over: the page is taken down and its links die; the case gets back the days it hung."""
    notice = board.live(turn)
    turn.facts |= {"step": turn.step.key if turn.step else "", "notice_ended": True}
    assess.after_notice(turn, notice)
    turn.then(effects.set_phase, phase="ended")
    turn.then(notices.take_down, notice=notices.becomes(turn, notice, "ended"))


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


KIND = StepKind(
    "notice",
    _("Public notice"),
    (
        Choice("post", _("Post the notice"), post, text_form, check_text, board.listable, phase(""), "primary"),
        *objections.CHOICES,
        Choice("ended", _("Days of the notice over"), ended, when=phase("posted"), side="system", decides=False),
        Choice(
            "confirm", _("Confirm the result"), confirm, confirm_form, check_confirm, when=phase("ended"),
            style="primary", leads="on",
        ),
        common.OVERDUE,
    ),
    {
        "scope": Option("one", ("unit", "town", "county", "city"), needed=True),
        "days": Option("days", needed=True),
        "shows": Option("names", ("name", "unit", "kind_of_aid", "category", "amount"), needed=True),
    },
)
