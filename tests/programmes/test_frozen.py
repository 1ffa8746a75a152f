"""A published version keeps the order of its route on both engines, and its hash covers that order."""

import datetime as dt

import pytest

from casework.programmes import loader
from casework.programmes.loader import CATALOGUE, build, content_of, hash_of, programme_of
from casework.programmes.models import ProgrammeVersion
from casework.programmes.versions import publish
from tests.papers.conftest import STAMP


@pytest.mark.django_db
@pytest.mark.parametrize("key", sorted(folder.name for folder in CATALOGUE.iterdir() if folder.is_dir()))
def test_it_is_read_back_as_it_was_published(key: str, moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    row = publish(key, moment, moment.date(), STAMP)
    monkeypatch.setattr(loader, "_BUILT", {})
    stored = ProgrammeVersion.objects.get(pk=row.pk)
    here = build(content_of(CATALOGUE / key))
    assert [step.key for step in programme_of(stored).steps()] == [step.key for step in here.steps()]
    assert [paper.key for paper in programme_of(stored).papers] == [paper.key for paper in here.papers]
    assert programme_of(stored) == here


def test_another_order_of_the_route_is_another_content() -> None:
    content = content_of(CATALOGUE / "hardship_dossier")
    steps = content["programme"]["route"]["accepted"]
    before = hash_of(content)
    content["programme"]["route"]["accepted"] = dict(reversed(steps.items()))
    assert hash_of(content) != before
