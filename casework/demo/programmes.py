"""The published programmes of the demonstration, and the regional numbers they reckon with."""
from datetime import date, datetime

from casework.access.actor import SYSTEM
from casework.access.duties import stamp_of
from casework.core.calendar import local_date
from casework.demo import standards, tables
from casework.programmes import versions
from casework.programmes.models import Parameter

KEYS = (
    "hardship_dossier",
    "dossier_review",
    "re_examination",
    "living_aid",
    "condolence",
    "condolence_visit",
    "home_acceptance",
    "medical_aid",
    "tuition_aid",
    "temporary_aid",
    "mutual_claim_hospital",
    "mutual_claim_critical",
    "membership",
    "union_card",
    "model_selection",
    "model_nomination",
    "hotline_ticket",
    "petition",
    "employer_vacancy",
    "job_assistance",
    "legal_aid",
    "training_class",
    "training_enrolment",
)
# key, region, value (fen a month, or the table of the rule). The real figures are entered by each county.
NUMBERS: tuple[tuple[str, str, object], ...] = (
    ("subsistence_line", "610000", 66_000),
    ("subsistence_line", "611000", 68_000),
    ("subsistence_line", "611002", 72_000),
    ("subsistence_line", "610825", 70_000),
    ("minimum_wage", "610000", 195_000),
    ("minimum_wage", "611000", 185_000),
    ("living_aid", "610000", {
        "deep_multiple": 10, "relative_multiple": 8, "accidental_percent": 15, "accidental_cap_fen": 1_000_000,
    }),
    # Fen of one occasion, and of a person's year (domain §4.6 no. 6).
    ("condolence", "610000", {"cap_occasion_fen": 300_000, "cap_year_fen": 600_000}),
    ("standard_home", "610000", standards.HOME),
)


def load(now: datetime) -> None:
    """Enter the numbers and publish the programmes, in force since the start of the year before."""
    start = date(local_date(now).year - 1, 1, 1)
    numbers = [(key, region, value, "示范数据") for key, region, value in NUMBERS]
    numbers += [(key, tables.REGION, value, tables.SOURCE) for key, value in tables.TABLES]
    for key, region, value, source in numbers:
        Parameter.objects.get_or_create(
            key=key, region=region, effective_from=start, defaults={"value": value, "source": source}
        )
    for key in KEYS:
        versions.publish(key, now, start, stamp_of(SYSTEM, None, "command"))
