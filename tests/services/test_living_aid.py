"""Living aid (domain §4.6, §5.2, §5.7): for this year, once, up to what the rule gives."""
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework.core.problems import Refused
from casework.workflows.replay import Replay
from tests import walk
from tests.filled import living_answers
from tests.office import Office
from tests.portal.typed import text_of

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


def test_the_sum_need_not_be_asked_for(home: Office) -> None:
    """Domain §5.7: the amount is derived; who leaves it empty is granted and paid what the rule gives."""
    said = {key: value for key, value in living_answers(home).items() if key != "amount"}
    case = home.apply("worker", "living_aid", said)
    most = case.facts["award_fen"]
    assert case.requested_fen is None
    assert most == 8 * case.facts["award_lines"][0]["value"], "relative hardship: eight lines"
    case = walk.go(home, case, walk.LIVING)
    assert (case.state, case.amount_fen) == ("approved", most)
    client = Client()
    client.force_login(home.users["worker"])
    assert "未填申请金额" in text_of(client.get(reverse("my_case", args=[case.public_id])))
    assert list(Replay().run()) == []
