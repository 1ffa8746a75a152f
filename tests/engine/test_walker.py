"""Every path of every programme, walked through the door."""

import pytest

from casework.programmes.loader import load_catalogue
from tests.engine import overrides
from tests.engine.walker import walk_all
from tests.office import Office

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", sorted(load_catalogue()))
def test_every_path_of_a_programme_is_walked_and_leaves_the_house_in_order(office: Office, key: str) -> None:
    walks = walk_all(office, key)
    steps = set().union(*(walker.steps for walker in walks))
    assert steps == {step.key for step in walks[0].programme.steps()}, "no answers bring the case to these steps"
    missed = set.intersection(*(walker.missed() for walker in walks))
    assert missed <= set(overrides.NOT_WALKED.get(key, {})), "these ways were never open to anybody"
    ends = {node.group for node in walks[0].graph.nodes.values() if node.sort == "end"}
    assert set().union(*(walker.ends for walker in walks)) == ends
