"""What an award rule hands back: the figure, its lines, what cut it, and one plain sentence for the applicant."""

from dataclasses import replace
from typing import Any, TypedDict

from casework.core.text import Text
from casework.programmes.rules.awards import Award
from casework.programmes.rules.lines import Lines, line, yuan

LIMITS = {
    "": Text("", ""),
    "event": Text("，已达单次封顶", ", which is the cap of one event"),
    "year": Text("，已达年度封顶", ", which is the cap of the year"),
    "life": Text("，已达累计封顶", ", which is the cap over all years"),
    "rest": Text("，不超过其他渠道支付后的剩余费用", ", not more than what the other payers left"),
    "asked": Text("，按申请金额核定", ", which is what was asked for"),
    "none": Text("", ""),
}


class Outcome(TypedDict):
    """The facts of an award, in fen. award_limit: what cut it: event, year, life, rest, asked; none: there is no
    standard for the category; "" if nothing did. award_base_fen: what it was worked out from, counted again in later
    cases of the same year."""

    award_fen: int
    award_lines: Lines
    award_base_fen: int
    award_limit: str
    award_says: dict[str, str]


def at_most(award: Award, most: int, words: Text, limit: str) -> Award:
    """The award cut to another limit, with a line that says so."""
    cut = award.fen > most
    lines = [*award.lines, line(words, most)]
    return replace(award, fen=min(award.fen, most), lines=lines, limit=limit if cut else award.limit)


def outcome(award: Award, base: Text, base_fen: int) -> dict[str, Any]:
    """The facts to keep. base: what the award was worked out from, in words."""
    tail = LIMITS[award.limit]
    says = Text(
        f"{base.zh} {yuan(base_fen)} 元，按规定核定 {yuan(award.fen)} 元{tail.zh}。",
        f"{base.en}: {yuan(base_fen)} yuan; by the rule {yuan(award.fen)} yuan{tail.en}.",
    )
    lines = [*award.lines, line(Text("核定金额", "Award"), award.fen)]
    return dict(Outcome(
        award_fen=award.fen, award_lines=lines, award_base_fen=base_fen, award_limit=award.limit,
        award_says={"zh": says.zh, "en": says.en},
    ))
