"""Amounts of campaigns: a condolence line, the reward of an accepted home (domain §4.6 no. 6, §5.2, §5.6)."""

from collections.abc import Mapping
from typing import Any

from casework.core.money import show
from casework.core.text import Text


def condolence_line(answers: Mapping[str, Any], numbers: Mapping[str, Any], category: str) -> dict[str, Any]:
    """The money of one line: what the plan gives, so that money and goods together stay within the cap of one occasion.
    The yearly cap is kept when the roster is drawn."""
    money, goods = int(answers.get("amount") or 0), int(answers.get("goods_value") or 0)
    cap = int(numbers["condolence"]["cap_occasion_fen"])
    award = max(0, min(money, cap - goods))
    lines = [
        _line(Text("方案确定的慰问金", "Money by the plan"), money),
        _line(Text("慰问品折价", "Value of the goods"), goods),
        _line(Text(f"每次每户不超过 {show(cap)} 元", f"At most {show(cap)} yuan an occasion"), cap),
        _line(Text("慰问金", "Money given"), award),
    ]
    return {"award_fen": award, "award_lines": lines}


def home_reward(answers: Mapping[str, Any], numbers: Mapping[str, Any], category: str) -> dict[str, Any]:
    """The reward of the grade a union home is accepted at, paid to the union's account."""
    fen = int(numbers["standard_home"]["reward_fen"].get(str(answers.get("grade")), 0))
    return {"award_fen": fen, "award_lines": [_line(Text("该等级奖励标准", "Reward of this grade"), fen)]}


def _line(text: Text, fen: int) -> dict[str, Any]:
    return {"zh": text.zh, "en": text.en, "value": fen, "unit": "fen"}
