"""What each section of a draft asks: typed places in its content. A place that is not asked for is not written (R3).

A section is drawn from the draft and from what is published: a key that is published stays as it is.
"""
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.access.models import Role
from casework.core.problems import Words
from casework.core.text import Text
from casework.documents.validity import ASKED, SCHOOL_YEAR
from casework.organisations.models import Level
from casework.programmes.reasons import DENIALS
from casework.programmes.spec import GROUPS
from casework.studio import adding, fields
from casework.studio import conditions as closed
from casework.studio.measures import NO_MEASURES, Measures
from casework.studio.places import Content, Path, named
from casework.studio.questions import LIMIT_HELP, Act, Block, Question, both, row_acts
from casework.studio.words import who_words

MONTHS_HELP = _("From the date on the paper. Empty: it counts for ever, and no date is asked for.")
SHARED_HELP = _("Such as id_card. Who handed it in there need not upload it again. Empty: only this service.")
PAPER_ENDS: Mapping[str, Words | Text] = MappingProxyType({
    "": _("no end, or months"), ASKED: _("the last day that stands on it"),
    SCHOOL_YEAR: _("the end of the school year"),
})
NOTHING_PUBLISHED: Content = {"programme": {}, "form": {"pages": []}}


def texts(content: Content, published: Content, measured: Measures = NO_MEASURES) -> list[Block]:
    """The words for the applicant."""
    rules = content["programme"]
    head = [
        *both(("programme", "title"), _("Title")),
        *both(("programme", "summary"), _("Summary"), "long"),
        *both(("programme", "how_much"), _("How much"), "long", empty=True),
    ]
    blocks = [Block(_("Words of the service"), tuple(head))]
    for n in range(len(rules.get("who") or [])):
        path: Path = ("programme", "who", n)
        acts = (Act(f"remove:{named(path)}", _("Take away")),)
        blocks.append(Block(_("Who may apply"), tuple(both(path, _("Condition"))), named(path), acts))
    return [*blocks, Block("", acts=(Act("add:who", _("Add a condition")),))]


def papers(content: Content, published: Content, measured: Measures = NO_MEASURES) -> list[Block]:
    """The papers an applicant hands in; each has its question in the form."""
    blocks, kept = [], published["programme"].get("papers") or {}
    for key, paper in (content["programme"].get("papers") or {}).items():
        path: Path = ("programme", "papers", key)
        asked = [
            *both((*path, "title"), _("Name of the paper")),
            *both((*path, "help"), _("Help"), empty=True),
            *both((*path, "sample"), _("What it looks like"), empty=True),
            Question((*path, "required"), _("Must be handed in"), "yes_no", default=True),
            Question((*path, "valid_months"), _("Counts for so many months"), "whole", help=MONTHS_HELP),
            Question((*path, "valid_until"), _("Or counts until"), "choice", PAPER_ENDS),
            Question((*path, "series"), _("Papers over a time: the date of the latest counts"), "yes_no"),
            Question((*path, "shared"), _("Word under which other services ask for it, too"), "word", help=SHARED_HELP),
        ]
        if key not in kept:
            asked.insert(0, Question((*path, "key"), _("Key"), "key", empty=False, help=fields.KEY_HELP))
        acts = (Act(f"remove:{named(path)}", _("Take away")),)
        note = key if key in kept else ""
        blocks.append(Block(Text.of((paper or {}).get("title") or key), tuple(asked), named(path), acts, note))
    lists = [one for one in fields.lists_of(content) if one[0][-1] == "items"]
    # Where papers are asked for already comes first.
    lists.sort(key=lambda one: not any(item.get("kind") == "file" for item in one[2]))
    places = {named(place): title for place, title, _items in lists}
    add = Act("add:paper", _("Add a paper"), places, _("Where the form asks for it"))
    return [*blocks, Block("", acts=(add,))]


def conditions(content: Content, published: Content, measured: Measures = NO_MEASURES) -> list[Block]:
    """The table of conditions that end in a denial; the first that fits counts."""
    rows = content["programme"].get("eligibility") or []
    reasons: dict[str, Words | Text] = {code: f"{reason.text} ({code})" for code, reason in DENIALS.items()}
    known, blocks = closed.facts_for(content), []
    for n in range(len(rows)):
        path: Path = ("programme", "eligibility", n)
        asked = closed.questions_of(content, (*path, "when"), known, measured)
        asked.append(Question((*path, "deny"), _("Reason of the denial"), "choice", reasons, empty=False))
        acts = (*row_acts(path, len(rows)), *closed.acts_of(content, (*path, "when"), known, last=False))
        blocks.append(Block(f"{n + 1}", tuple(asked), named(path), acts))
    picks = {key: fact.words for key, fact in known.items()}
    return [*blocks, Block("", acts=(Act("add:row", _("Add a row"), picks, _("Fact of the new condition")),))]


def route(content: Content, published: Content, measured: Measures = NO_MEASURES) -> list[Block]:
    """The steps in their order: who does each, within what limit, and only if; a step can be switched off, on again
    and moved."""
    rules, blocks = content["programme"], []
    known = closed.facts_for(content)
    for group in GROUPS.get(str(rules.get("life", "application")), ()):
        steps = list((rules["route"].get(group) or {}).items())
        for n, (key, step) in enumerate(steps):
            path: Path = ("programme", "route", group, key)
            asked = [*_of_step(path, step), *closed.questions_of(content, (*path, "when"), known, measured)]
            own = (*_step_acts(path, n, len(steps)), *_signer_acts(path, step))
            acts = (*own, *closed.acts_of(content, (*path, "when"), known, last=True))
            blocks.append(Block(Text.of(step.get("title") or key), tuple(asked), named(path), acts, note=key))
    return blocks


def _step_acts(path: Path, n: int, count: int) -> Iterator[Act]:
    if n:
        yield Act(f"up:{named(path)}", _("Move up"))
    if n + 1 < count:
        yield Act(f"down:{named(path)}", _("Move down"))
    yield Act(f"off:{named(path)}", _("Switch off"))


def _signer_acts(path: Path, step: Mapping[str, Any]) -> Iterator[Act]:
    """Further desks that sign an approval: one more, and each away again."""
    for n, who in enumerate(step.get("also") or ()):
        shown = who_words(*str(who).partition("@")[::2])
        yield Act(f"remove:{named((*path, 'also', n))}", _("Take away: %(who)s") % {"who": shown})
    if adding.next_signer(step) is not None:
        yield Act(f"add:signer:{named(path)}", _("Add a desk that signs"))


WHO: Mapping[str, Words] = MappingProxyType({
    "by": _("Done by"), "maker": _("Prepared by"), "on_timeout": _("After its limit it goes to"),
})


def _of_step(path: Path, step: Mapping[str, Any]) -> Iterator[Question]:
    yield from both((*path, "title"), _("Name of the step"))
    for name, words in WHO.items():
        if name in step:
            levels = {} if name == "by" and "at" in step else dict(Level.choices)
            yield Question((*path, name), words, "who", levels, empty=False)
    for n in range(len(step.get("also") or ())):
        yield Question((*path, "also", n), _("Also signed by"), "who", dict(Level.choices), empty=False)
    if step.get("also"):
        yield Question((*path, "need"), _("Signatures needed"), "whole", help=_("Empty: all of them."))
        yield Question((*path, "in_turn"), _("One after the other"), "yes_no")
    yield Question((*path, "limit"), _("Limit"), "limit", empty=False, help=LIMIT_HELP)
    for name, words in _STEP_DAYS.items():
        if name in step:
            yield Question((*path, name), words, "limit", empty=False, help=LIMIT_HELP)


_STEP_DAYS: Mapping[str, Words] = MappingProxyType({"days": _("Days of the notice"), "pause": _("Longest pause")})


def limits(content: Content, published: Content, measured: Measures = NO_MEASURES) -> list[Block]:
    """The limits of the whole, who may start it, when, and how long it is kept."""
    total: Path = ("programme", "total")
    asked = [
        Question((*total, "limit"), _("Limit of the whole"), "limit", empty=False, help=LIMIT_HELP),
        Question((*total, "promise"), _("Promised to the applicant"), "limit", empty=False, help=LIMIT_HELP),
        Question((*total, "supplement"), _("Time to supplement"), "limit", help=LIMIT_HELP),
        Question((*total, "longer"), _("Further time to supplement, once, at most"), "limit", help=LIMIT_HELP),
        Question(("programme", "open", "from"), _("Taken from (month-day)"), help=_("Such as 07-01.")),
        Question(("programme", "open", "to"), _("Taken until (month-day)"), help=_("Such as 08-31.")),
        Question(("programme", "retention"), _("Kept for"), "years", help=_("Such as 15 years, or for good.")),
        Question(("programme", "exclusive_year"), _("Once a year for a household"), "yes_no"),
    ]
    return [Block(_("Limits"), tuple(asked))]


Section = Callable[[Content, Content, Measures], list[Block]]
SECTIONS: Mapping[str, tuple[Words, Section]] = MappingProxyType({
    "texts": (_("Texts"), texts), "form": (_("Form"), fields.form), "papers": (_("Papers"), papers),
    "conditions": (_("Conditions"), conditions), "route": (_("Route"), route), "limits": (_("Limits"), limits),
})


def roles() -> dict[str, Words]:
    """The roles a step can be given to."""
    return {str(role.value): role.label for role in Role}
