"""One line of a bank's answer, the same for every layout."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """line: where it stands in the file. paid: False = the money came back; code: why, one of RETURNS, said: what the
    bank wrote of it, fit to be shown. fen: as the bank tells."""

    line: int
    number: str
    fen: int
    paid: bool
    code: str = ""
    reference: str = ""
    said: str = ""
