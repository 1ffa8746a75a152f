"""A service that is not published yet is found in the studio, and two people publish it there."""
import datetime as dt
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command

from casework.programmes.loader import CATALOGUE
from casework.programmes.models import ProgrammeVersion
from tests.studio.conftest import Desk
from tests.studio.test_pages import section

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.core.clock.now", lambda: moment)


def test_an_imported_service_is_listed_and_published_by_two(policy: Desk, second: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "winter_heating"
    shutil.copytree(CATALOGUE / "living_aid", folder)
    rules = folder / "programme.yaml"
    text = rules.read_text(encoding="utf-8").replace("key: living_aid", "key: winter_heating", 1)
    text = text.replace("zh: 生活救助, en: Living aid", "zh: 冬季取暖补助, en: Winter heating", 1)
    rules.write_text(text, encoding="utf-8")
    call_command("programme_import", str(folder), "--by", "policy")
    home = second.get("/studio/")
    assert "新业务" in home and "冬季取暖补助" in home
    draft = home.split('<h2 id="new">')[1].split('href="')[1].split('"')[0]
    page = policy.get(draft)
    assert 'href="/studio/"' in page and "/studio/services/winter_heating/" not in page, "no link leads to a 404"
    policy.post(f"{draft}papers/", **section(policy.get(f"{draft}papers/")))
    policy.post(f"{draft}step/", act="check", revision="2")
    policy.post(f"{draft}step/", 403, act="approve", revision="2")
    second.post(f"{draft}step/", act="approve", revision="2")
    second.post(f"{draft}step/", act="publish", effective_from="2026-12-20")
    assert ProgrammeVersion.objects.get(key="winter_heating").version == 1
    assert "winter_heating" in policy.get("/studio/"), "not in force yet, and not lost"
