"""The part `renews` of a programme: the yearly check of what stands in a register (domain §4.7)."""
from typing import Any

from casework.programmes.reading import ProgrammeFault, day_of_year, mapping, names, only
from casework.programmes.reasons import DENIALS
from casework.programmes.spec import Renews

FROM = "07-01"  # the third quarter (domain §4.7)


def renews(data: Any, where: str) -> Renews | None:
    """The register whose entries are checked, from which day of the year, and the reasons that end one. Raises
    ProgrammeFault."""
    if data is None:
        return None
    where = f"{where} renews"
    only(mapping(data, where), {"register", "from", "ends_on"}, where)
    if not data.get("register"):
        raise ProgrammeFault(
            where, "缺少 register：请写要核查哪个名册",
            "register is missing: name the register whose entries are checked",
        )
    ends_on = names(data.get("ends_on", ()), f"{where}.ends_on")
    unknown = [code for code in ends_on if code not in DENIALS]
    if unknown:
        raise ProgrammeFault(
            f"{where}.ends_on", f"没有 {', '.join(unknown)}：请用 programmes/reasons.py 里的理由",
            f"{', '.join(unknown)}: take reasons of programmes/reasons.py",
        )
    return Renews(str(data["register"]), day_of_year(data.get("from", FROM), f"{where}.from"), ends_on)
