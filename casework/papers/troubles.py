"""Why a paper is not made, in words for the desk."""
from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Words
from casework.papers.models import Paper

WORDS: Mapping[str, Words] = MappingProxyType({
    "PANGO": _(
        "The server lacks the Pango library that lays out letters. Tell whoever runs it; the letter is made "
        "by itself afterwards."
    ),
    "FONTS": _(
        "The fonts of the letters are not built on the server. Tell whoever runs it; the letter is made by "
        "itself afterwards."
    ),
    "GLYPH": _(
        "A character, perhaps of a rare name, is in none of the fonts. Write this letter by hand, or have a "
        "font with it installed."
    ),
    "PAGES": _("The letter would be longer than allowed."),
    "SIZE": _("The letter holds more than can be laid out."),
    "SLOW": _("Laying out the letter took too long; it is tried again."),
})
OTHER = _("The letter could not be made; it is tried again.")


def words_of(paper: Paper) -> Words:
    """What keeps the paper from being made, "" when nothing does."""
    return WORDS.get(paper.trouble.partition(" ")[0], OTHER) if paper.trouble else ""
