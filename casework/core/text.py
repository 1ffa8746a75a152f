"""Text in both languages, for what stands in data (programmes, templates of letters) and not in code."""
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.utils.translation import get_language, pgettext


class Text(NamedTuple):
    """A phrase in Chinese and English. str() gives the one in the active language."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en

    @classmethod
    def of(cls, pair: "Mapping[str, str] | Text | str") -> "Text":
        """Build from {zh:, en:}; a bare string stands for both."""
        if isinstance(pair, str):
            return cls(pair, pair)
        if isinstance(pair, Text):
            return pair
        return cls(str(pair["zh"]), str(pair["en"]))


def listed(items: Iterable[object]) -> str:
    """Items one after the other, as the active language separates them: "a, b" in English."""
    return pgettext("between the items of a list", ", ").join(str(item) for item in items)
