"""The measured case and its twin by hand write the same rows; else the ratio would say nothing."""
import datetime as dt

import pytest

from tools.bench import by_hand, lifecycle, measure
from tools.bench.town import ROUTE, Town, person_of

pytestmark = pytest.mark.django_db


def test_sql_by_hand_writes_what_the_door_writes(moment: dt.datetime) -> None:
    town = Town(moment)
    recording = measure.record(town)
    names = [name for name, _writes in recording.transitions]
    assert names == ["submit", *(f"{key}.pass" for key, *_rest in ROUTE)]
    by_hand.prove(recording, by_hand.statements(recording), person_of(town.applicants(1)[0]))


def test_a_forgotten_row_is_found(moment: dt.datetime) -> None:
    town = Town(moment)
    recording = measure.record(town)
    name, writes = recording.transitions[1]
    lean = by_hand.statements(recording)
    lean[1] = by_hand.Statement(recording, [write for write in writes if write.table != "workflows_timer"])
    with pytest.raises(RuntimeError, match=name):
        by_hand.prove(recording, lean, person_of(town.applicants(1)[0]))


def test_every_statement_of_a_case_is_counted(moment: dt.datetime) -> None:
    town = Town(moment)
    sent = lifecycle.statements(town, town.applicants(1)[0])
    assert len(sent) == 1 + len(ROUTE)
    assert all(any("audit_event" in sql for sql in statements) for statements in sent.values())
