"""Every path of every programme, walked through the door."""

import pytest

from casework.programmes.loader import load_catalogue
from casework.workflows import sheets, told
from tests.engine import overrides
from tests.engine.walker import walk_all
from tests.office import Office

# What events keep for machines, for other places of the page, or in secret (who voted for whom).
NOT_TOLD = {
    "step", "seen", "round", "parameters", "facts", "decision", "before", "after", "documents", "paused_wd", "items",
    "entry", "ledger", "account", "hands", "answers", "second", "votes", "marks", "programme", "override",
    "imprints", "decisions",
    "text", "rows", "days", "reply", "remaining_wd",  # of public notices, which the page shows whole
}
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", sorted(load_catalogue()))
def test_every_path_of_a_programme_is_walked_and_leaves_the_house_in_order(office: Office, key: str) -> None:
    walks = walk_all(office, key)
    steps = set().union(*(walker.steps for walker in walks))
    assert steps == {step.key for step in walks[0].programme.steps()}, "no answers bring the case to these steps"
    missed = set.intersection(*(walker.missed() for walker in walks))
    assert missed <= set(overrides.NOT_WALKED.get(key, {})), "these ways were never open to anybody"
    kept = set[str]().union(*(walker.kept for walker in walks))
    told_of = {*told.FACTS, *(f"{sheet}.{line}" for sheet in sheets.SHEETS for line in sheets.LINES)}
    assert kept <= told_of | NOT_TOLD, "these are found by one officer and told to no other"
    ends = {node.group for node in walks[0].graph.nodes.values() if node.sort == "end"}
    assert set().union(*(walker.ends for walker in walks)) == ends
