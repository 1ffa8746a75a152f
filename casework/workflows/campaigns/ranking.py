"""The committee's votes become ranks within each quota; whoever stands below waits until a place is freed (domain
§5.6)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casework.cases.models import ENDED, Case
from casework.workflows.campaigns import rounds
from casework.workflows.models import CampaignLine, QueuedCommand, Task
from casework.workflows.turn import Turn

SELECTED, STANDBY, DROPPED = "selected", "standby", "dropped"


class Tied(Exception):
    """Votes do not decide who gets the last place. lines: those between whom a run-off is held."""

    def __init__(self, lines: list[int]) -> None:
        self.lines = lines
        super().__init__(f"tied: {lines}")


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one nomination got. quota: the places it competes for; yes: votes; run_off: votes of a second ballot."""

    line: int
    quota: str
    yes: int
    run_off: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A nomination after the vote. rank: within its quota, 0 without a majority."""

    line: int
    yes: int
    rank: int
    place: str


def rank(ballots: Iterable[Ballot], present: int, places: Mapping[str, int]) -> list[Ranked]:
    """Ranks within each quota by votes. More than half of those present must have voted for a nomination. Raises Tied
    when the last place is not decided."""
    by_quota: dict[str, list[Ballot]] = defaultdict(list)
    found = []
    for ballot in ballots:
        if ballot.yes * 2 > present:
            by_quota[ballot.quota].append(ballot)
        else:
            found.append(Ranked(ballot.line, ballot.yes, 0, DROPPED))
    for quota, some in sorted(by_quota.items()):
        found += _rank(some, places.get(quota, 0))
    return found


def _rank(ballots: list[Ballot], places: int) -> list[Ranked]:
    ordered = sorted(ballots, key=lambda b: (-b.yes, -b.run_off, b.line))
    if 0 < places < len(ordered):
        last, next_one = ordered[places - 1], ordered[places]
        if (last.yes, last.run_off) == (next_one.yes, next_one.run_off):
            raise Tied([b.line for b in ordered if (b.yes, b.run_off) == (last.yes, last.run_off)])
    return [
        Ranked(ballot.line, ballot.yes, number, SELECTED if number <= places else STANDBY)
        for number, ballot in enumerate(ordered, 1)
    ]


def waiting(campaign: Case) -> list[CampaignLine]:
    """Nominations that wait for the committee."""
    rows = CampaignLine.objects.filter(campaign=campaign, case__tasks__kind="placing", case__tasks__state="open")
    return list(rows.select_related("person", "organisation", "county", "case").order_by("id"))


def keep(turn: Turn, ranked: list[Ranked]) -> None:
    """Votes and ranks stand in the rows; each nomination is told by a queued command."""
    lines = {line.pk: line for line in CampaignLine.objects.filter(pk__in=[row.line for row in ranked])}
    for row in ranked:
        line = lines[row.line]
        line.votes, line.rank, line.place = row.yes, row.rank or None, row.place
        line.save(update_fields=["votes", "rank", "place"])
        if row.place == SELECTED:
            tell(turn, line, "selected")
        elif row.place == DROPPED:
            tell(turn, line, "dropped", code="VOTE_LOST")


def tell(turn: Turn, line: CampaignLine, choice: str, **answers: str) -> None:
    """Queue the move of a nomination that waits for the committee."""
    task = Task.objects.filter(case__line=line, kind="placing", state="open").first()
    if task is None:
        return
    QueuedCommand.objects.get_or_create(
        key=f"placing:{task.pk}:{choice}",
        defaults={
            "case_id": task.case_id, "action": f"{task.step}.{choice}", "answers": answers, "due_at": turn.now,
        },
    )


def place_freed(turn: Turn) -> None:
    """A selected nomination ended without an honour: the next of its quota moves up."""
    line = CampaignLine.objects.select_for_update().filter(case=turn.case, place=SELECTED).first()
    if line is None:
        return
    line.place = DROPPED
    line.save(update_fields=["place"])
    standing = CampaignLine.objects.filter(campaign=line.campaign_id, quota=line.quota, place=STANDBY)
    following = standing.exclude(case__state__in=ENDED).select_for_update(of=("self",)).order_by("rank").first()
    if following is not None:
        following.place = SELECTED
        following.save(update_fields=["place"])
        tell(turn, following, "selected")


def drop_rest(turn: Turn) -> None:
    """The round is over: whoever still waits for a place is refused, for the quota is used up."""
    rest = CampaignLine.objects.filter(campaign=turn.case, place=STANDBY).exclude(case__state__in=ENDED)
    for line in rest.order_by("id"):
        line.place = DROPPED
        line.save(update_fields=["place"])
        tell(turn, line, "dropped", code="QUOTA_FULL")


def standing_by(campaign: Case) -> int:
    """Nominations that wait for a place to be freed; they hold up nobody."""
    rows = CampaignLine.objects.filter(campaign=campaign, place=STANDBY)
    return rows.exclude(case__state__in=ENDED).count()


def places_of(campaign: Case) -> Mapping[str, int]:
    """How many places a round has, by quota."""
    return rounds.places(campaign)
