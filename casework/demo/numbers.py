"""Synthetic numbers with right check digits."""
from casework.core.identifiers import credit_check, id_check


def id_number(region: str, born: str, serial: int) -> str:
    """A resident ID number. born: YYYYMMDD; serial 1–999, odd for a man."""
    body = f"{region}{born}{serial:03d}"
    return body + id_check(body)


def union_code(region: str, serial: int) -> str:
    """The unified social credit code of a trade union (prefix 81)."""
    body = f"81{region}MC{serial:07d}"
    return body + credit_check(body)


def mobile(serial: int) -> str:
    """A mobile number of a block that is not in use for the public."""
    return f"1390000{serial:04d}"
