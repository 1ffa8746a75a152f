"""The committee votes in secret: only counts are written down; two thirds of its members are there (domain §5.6)."""

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import flow
from casework.workflows.campaigns import ranking
from casework.workflows.choices import Choice, StepKind
from casework.workflows.models import CampaignLine
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

PEOPLE_MOST = 500


def ballot_form(turn: Turn) -> FormSpec | None:
    """The meeting, the votes of each nomination, and a run-off where the last place was tied."""
    lines = ranking.waiting(turn.case)
    known = {str(line.pk): asking.words(_title(line), _title(line)) for line in lines}
    items = [
        asking.date_item("held_on", "会议日期", "Date of the meeting"),
        _count("members", "评审委员会委员人数", "Members of the committee", least=3),
        _count("present", "到会委员人数", "Members present"),
        *(_count(f"line_{line.pk}", f"{_title(line)}：同意票", f"{_title(line)}: votes in favour") for line in lines),
    ]
    if known:
        run_off: asking.Item = {
            "repeat": "run_off", "title": asking.words("票数相同的再次投票", "Run-off between equals"),
            "item_title": asking.words("再次投票", "Run-off"), "max": min(100, len(known)),
            "fields": [
                {"key": "line", "kind": "enum", "required": True, "choices": known,
                 "title": asking.words("被推荐人", "Nomination")},
                _count("votes", "同意票", "Votes"),
            ],
        }
        items.append(run_off)
    return asking.decision_form("pass", *items, asking.opinion(required=False))


def _title(line: CampaignLine) -> str:
    county = line.county.name if line.county else ""
    return f"{line.pk} {line.named}（{line.organisation.name}，{county}）"


def _count(key: str, zh: str, en: str, *, least: int = 0) -> asking.Item:
    return {
        "key": key, "kind": "int", "min": least, "max": PEOPLE_MOST, "required": True, "title": asking.words(zh, en),
    }


def ballots(turn: Turn) -> list[ranking.Ballot]:
    """The votes as they were entered."""
    again = {int(row["line"]): int(row["votes"]) for row in turn.answers.get("run_off") or []}
    return [
        ranking.Ballot(line.pk, line.quota, int(turn.answers[f"line_{line.pk}"]), again.get(line.pk, 0))
        for line in ranking.waiting(turn.case)
    ]


def check_ballot(turn: Turn) -> list[Problem]:
    """A quorum, no more votes than people, and no tie at the last place."""
    members, present = int(turn.answers["members"]), int(turn.answers["present"])
    if present > members:
        return [Problem("VOTES", _("More people present than members."), place="present")]
    if present * 3 < members * 2:
        few, mend = _("Fewer than two thirds of the members are present."), _("The committee meets again.")
        return [Problem("NO_QUORUM", few, place="present", mend=mend)]
    given = ballots(turn)
    over = [ballot for ballot in given if ballot.yes > present or ballot.run_off > present]
    if over:
        return [Problem("VOTES", _("More votes than people present."), place=f"line_{ballot.line}") for ballot in over]
    try:
        ranking.rank(given, present, ranking.places_of(turn.case))
    except ranking.Tied as tied:
        numbers = ", ".join(str(line) for line in tied.lines)
        message = _("The last place is tied between %(lines)s.") % {"lines": numbers}
        return [Problem("TIED", message, place="run_off", mend=_("Vote again between them and enter the run-off."))]
    return []


def close(turn: Turn) -> None:
    """Ranks within each quota; the best get the places, the others wait for one to be freed."""
    common.note_opinion(turn, "pass")
    present = int(turn.answers["present"])
    ranked = ranking.rank(ballots(turn), present, ranking.places_of(turn.case))
    turn.facts |= {
        "minutes": {"held_on": turn.answers["held_on"], "present": present},
        "members_present": [present, int(turn.answers["members"])],
        "votes": {str(row.line): row.yes for row in ranked},
        "selected": sorted(row.line for row in ranked if row.place == ranking.SELECTED),
    }
    turn.then(ranking.keep, ranked=ranked)
    flow.pass_step(turn)


KIND = StepKind(
    "vote",
    _("Vote of the committee"),
    (
        Choice("pass", _("Record the vote"), close, ballot_form, check_ballot, style="primary", leads="on"),
        common.OVERDUE,
    ),
)
