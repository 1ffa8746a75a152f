"""What the tags of every page say: a day is told with its weekday, in both languages and in the office's time zone."""
import datetime as dt

import pytest
from django.utils.translation import override

from casework.site.templatetags.site_tags import day_words

LATE = dt.datetime(2026, 11, 29, 17, 0, tzinfo=dt.UTC)  # already Monday at the office


@pytest.mark.parametrize(
    ("day", "language", "said"),
    [
        (dt.date(2026, 11, 24), "zh-hans", "2026年11月24日（周二）"),
        (dt.date(2026, 11, 29), "zh-hans", "2026年11月29日（周日）"),
        (dt.date(2026, 11, 24), "en", "Tue, Nov. 24, 2026"),
        (LATE, "zh-hans", "2026年11月30日（周一）"),
        (None, "zh-hans", ""),
    ],
)
def test_a_day_is_told_with_its_weekday(day: dt.date | None, language: str, said: str) -> None:
    with override(language):
        assert day_words(day) == said
