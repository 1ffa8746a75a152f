"""Invented workers with their households. What a visitor of the demonstration may type stands here in clear."""
from datetime import date, datetime
from typing import NamedTuple

from casework.core.calendar import local_date
from casework.demo.numbers import id_number, mobile
from casework.people import persons
from casework.people.households import household_of, set_household
from casework.people.models import Person, Relation


class Someone(NamedTuple):
    """One person. born: YYYYMMDD; serial: odd for a man; relation: to the head of the household."""

    name: str
    region: str
    born: str
    serial: int
    relation: str = Relation.SELF

    @property
    def id_no(self) -> str:
        """The synthetic ID number."""
        return id_number(self.region, self.born, self.serial)

    @property
    def phone(self) -> str:
        """The synthetic mobile number; children have none."""
        return mobile(int(self.born[2:4]) * 100 + self.serial % 100) if self.born < "2008" else ""


# Login of the applicant → the people of his household, himself first.
FAMILIES: dict[str, tuple[Someone, ...]] = {
    "applicant": (
        Someone("周淑芬", "611002", "19790312", 104),
        Someone("吴建民", "611002", "19770825", 105, Relation.SPOUSE),
        Someone("吴晓雨", "611002", "20080917", 106, Relation.CHILD),
    ),
    "applicant2": (
        Someone("何志远", "611002", "19830605", 111),
        Someone("孙丽娟", "611002", "19850219", 112, Relation.SPOUSE),
        Someone("何子涵", "611002", "20110403", 113, Relation.CHILD),
        Someone("何德厚", "611002", "19530129", 115, Relation.PARENT),
    ),
    "applicant3": (
        Someone("郑秀英", "611002", "19881111", 122),
        Someone("郑一诺", "611002", "20150730", 124, Relation.CHILD),
    ),
    "applicant4": (
        Someone("阿依古丽·买买提", "611002", "19910508", 132),
        Someone("马文斌", "611002", "19890120", 131, Relation.SPOUSE),
    ),
    "applicant5": (
        Someone("冯大勇", "611026", "19760214", 141),
        Someone("陈桂花", "611026", "19780706", 142, Relation.SPOUSE),
        Someone("冯思源", "611026", "20061023", 143, Relation.CHILD),
    ),
    "applicant6": (
        Someone("高永强", "610825", "19810930", 151),
        Someone("白玉兰", "610825", "19820418", 152, Relation.SPOUSE),
    ),
}


def load(now: datetime) -> None:
    """Add the persons that are missing, and form the households of those who live in none yet."""
    for family in FAMILIES.values():
        found = [find_or_make(someone, now) for someone in family]
        if household_of(found[0]) is None:
            others = [(person, someone.relation) for person, someone in zip(found[1:], family[1:], strict=True)]
            set_household(found[0], others, _since(now))


def find_or_make(someone: Someone, now: datetime) -> Person:
    """The person of this number."""
    return persons.find_or_make(someone.id_no, someone.name, someone.phone, now=now)


def _since(now: datetime) -> date:
    return date(local_date(now).year, 1, 1)
