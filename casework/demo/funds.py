"""Funds of the demonstration, with this year's money in them."""

from datetime import date, datetime

from casework.access.actor import SYSTEM
from casework.access.duties import stamp_of
from casework.core.calendar import local_date
from casework.demo.organisations import by_key
from casework.funds import ledger
from casework.funds.models import Fund

# key of the organisation, name, source, yuan, purpose
FUNDS = (
    ("shangzhou", "商州区困难职工生活救助资金", "市级财政专项", 800_000, "living"),
    ("zhashui", "柞水县困难职工生活救助资金", "县级财政配套", 400_000, "living"),
    ("dingbian", "定边县困难职工生活救助资金", "县级财政配套", 500_000, "living"),
    ("shangluo", "商洛市生活救助调剂资金", "省级财政专项", 300_000, "living"),
    ("shangzhou", "商州区送温暖慰问资金", "市级财政专项", 600_000, "condolence"),
    ("zhashui", "柞水县送温暖慰问资金", "县级财政配套", 200_000, "condolence"),
    ("shangzhou", "商州区职工之家建设奖补资金", "本级工会经费", 100_000, "home_reward"),
    ("shangluo", "商洛市职工之家建设奖补资金", "本级工会经费", 200_000, "home_reward"),
    ("shangzhou", "商州区困难职工医疗救助资金", "市级财政专项", 500_000, "medical"),
    ("shangzhou", "商州区职工临时救助资金", "本级工会经费", 100_000, "temporary"),
    ("shangzhou", "商州区金秋助学资金", "社会捐助", 300_000, "tuition"),
    ("shangluo", "商洛市职工互助保障资金池", "职工互助金", 2_000_000, "mutual_pool"),
    ("shangluo", "商洛市职工法律援助资金", "本级工会经费", 100_000, "legal_aid"),
    ("shangluo", "商洛市送温暖慰问资金", "省级财政专项", 500_000, "condolence"),
)


def load(now: datetime) -> None:
    """Open the funds that are missing and enter the money received, through the ledger like everybody else."""
    places, year = by_key(), local_date(now).year
    stamp = stamp_of(SYSTEM, None, "command")
    for key, name, source, yuan, purpose in FUNDS:
        if Fund.objects.filter(organisation=places[key], year=year, name=name).exists():
            continue
        fund = ledger.open_fund(name, places[key], source, [purpose], year, date(year + 1, 6, 30), stamp, now)
        ledger.receive(fund, yuan * 100, stamp, now, f"{year} 年度资金")
