"""The papers of a programme, read from its content: what is handed in, how long it counts, who asks for it, too."""

from collections.abc import Mapping
from typing import Any

from casework.documents.validity import ENDS, Lasts
from casework.programmes import reading
from casework.programmes.reading import ProgrammeFault
from casework.programmes.spec import PaperNeed

PAPER_KEYS = {"title", "help", "required", "valid_months", "valid_until", "series", "shared", "sample"}


def papers(data: Any, where: str) -> tuple[PaperNeed, ...]:
    """The papers an applicant hands in."""
    return tuple(
        _paper(key, reading.mapping(paper or {}, f"{where} papers.{key}"), f"{where} papers.{key}")
        for key, paper in reading.mapping(data, f"{where} papers").items()
    )


def _paper(key: str, data: Mapping[str, Any], where: str) -> PaperNeed:
    reading.only(data, PAPER_KEYS, where)
    return PaperNeed(
        key=key,
        title=reading.words(data, "title", where),
        help=reading.words(data, "help", where, needed=False),
        required=bool(data.get("required", True)),
        lasts=_lasts(data, where),
        shared=_shared(data.get("shared") or "", f"{where}.shared"),
        sample=reading.words(data, "sample", where, needed=False),
    )


def _lasts(data: Mapping[str, Any], where: str) -> Lasts | None:
    """How long a paper counts, or nothing."""
    months, until = data.get("valid_months"), data.get("valid_until")
    if months is not None and until is not None:
        raise ProgrammeFault(
            where, "valid_months 和 valid_until 不能同时写：留下说明有效期的那一个",
            "valid_months and valid_until stand together: keep the one that tells its end",
        )
    if until is not None and until not in ENDS:
        raise ProgrammeFault(
            f"{where}.valid_until", f"{until!r} 不是有效期的写法：可用的有 {', '.join(ENDS)}",
            f"{until!r} is no end: there are {', '.join(ENDS)}",
        )
    series = bool(data.get("series"))
    if series and months is None:
        raise ProgrammeFault(
            f"{where}.series", "只有写了 valid_months 的材料才能是一段时间内的一组",
            "only papers with valid_months come in a series over a time",
        )
    if months is None:
        return Lasts(until=until) if until else None
    return Lasts(months=reading.whole(months, f"{where}.valid_months"), series=series)


def _shared(word: Any, where: str) -> str:
    """The word under which several services ask for the same paper, or nothing."""
    if word and not (isinstance(word, str) and word.isidentifier() and len(word) <= 40):
        raise ProgrammeFault(
            where, f"{word!r} 不是 id_card 这样的简单名称", f"{word!r} is no plain word such as id_card"
        )
    return str(word)
