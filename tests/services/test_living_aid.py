"""Living aid (domain §4.6, §5.2, §5.7): for this year, once, up to what the rule gives."""
from typing import Any

import pytest

from casework.core.problems import Refused
from tests import walk
from tests.filled import living_answers
from tests.office import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(office: Office) -> Office:
    """A worker with a dossier in force."""
    walk.dossier(office)
    return office


def refused(office: Office, **changes: Any) -> dict[str, str]:
    """What is said at each place."""
    with pytest.raises(Refused) as found:
        office.apply("worker", "living_aid", living_answers(office) | changes)
    return {problem.place: str(problem.message) for problem in found.value.problems}


@pytest.mark.parametrize("year", [2025, 2027])
def test_it_is_for_this_year_and_says_which(home: Office, year: int) -> None:
    assert refused(home, year=year) == {"year": "只能填写当年：2026 年。"}
    assert walk.living_case(home).year == 2026
