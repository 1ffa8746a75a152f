"""Why a bank sent money back: its own words, and which of our codes they mean (domain §4.5)."""
import re
from collections.abc import Mapping

from casework.core.masks import find_private
from casework.programmes.reasons import RETURNS

WORDS_MOST = 60  # as many as the column holds
# What banks write, without case and spaces; the first that fits counts.
MEANS: Mapping[str, tuple[str, ...]] = {
    "NAME_MISMATCH": (
        "户名不符", "户名不一致", "户名不匹配", "户名错误", "户名有误", "姓名不符", "账号与户名", "namemismatch",
    ),
    "CARD_CLOSED": ("销户", "注销", "accountclosed", "cardclosed"),
    "CARD_TYPE": ("卡类型", "账户类型", "卡种", "cardtype"),
    "BANK_INFO": ("开户行", "开户银行", "联行号", "bankinfo"),
    "LIMIT": ("限额", "超限", "overlimit", "abovelimit"),
}
GO_THERE = re.compile("(?:到|向|至|在|与|请|联系|咨询)开户(?:银行|行)")  # where to go says nothing of what is wrong
OTHER = "OTHER"
_NUMBER = re.compile(r"\d(?:[\s\-]?\d){5,}[Xx]?")


def reason(code: str, words: str) -> tuple[str, str]:
    """(code, words) of a payment that came back: one of RETURNS, "" where the bank gave no reason, and its own words,
    at most WORDS_MOST signs, without numbers that could be somebody's. code, words: as the bank wrote them."""
    said = " ".join(part for part in (code, words) if part)
    if not said:
        return "", ""
    if code.upper() in RETURNS:
        return code.upper(), clean(words)
    return _meant(said), clean(said)


def _meant(said: str) -> str:
    bare = re.sub(r"[\s_\-]", "", said).lower()
    if bare.upper() in RETURNS:
        return bare.upper()
    bare = GO_THERE.sub("", bare.replace("未注销", "").replace("未销户", ""))
    return next((code for code, known in MEANS.items() if any(one in bare for one in known)), OTHER)


def clean(said: str) -> str:
    """What may be kept and shown of a bank's words."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())
    bare = _NUMBER.sub("****", plain)
    return "" if find_private(bare) else bare[:WORDS_MOST]
