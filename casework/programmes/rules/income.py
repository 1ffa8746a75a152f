"""Income per head and the category of hardship (domain §4.7). Every line is kept, in fen, with plain words."""

from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from casework.core.identifiers import birth_of
from casework.core.money import half_up
from casework.core.text import Text

Answers = Mapping[str, Any]
Lines = list[dict[str, Any]]
ORDER = ("deep", "relative", "accidental")
WORKING_AGE = (16, 60)
NOT_WORKING = ("student", "retired", "early_retired", "veteran", "sick_leave", "unable")
EVENT_SHARE = Fraction(80, 100)
MONTHS = 12
# Kinds of income that show what a member lives on, so that no wage is imputed to him.
PROOF_KINDS = ("wage", "business", "unemployment")
FIRST_PROOF_KINDS = ("wage", "business")
NOT_COUNTED = ("basic_pension",)  # told in the sheet, no part of the income
INCOMES = {
    "wage": Text("工资", "wages"),
    "business": Text("经营", "business"),
    "property": Text("财产", "property"),
    "transfer": Text("转移性收入", "transfers"),
    "unemployment": Text("失业金", "unemployment benefit"),
    "basic_pension": Text("城乡居民基础养老金，不计入", "basic resident pension, not counted"),
    "support": Text("赡养费、抚养费", "support"),
    "other": Text("其他", "other"),
}
RIGID = {
    "medical": Text("医疗，扣除报销后", "medical, after reimbursement"),
    "care": Text("护理，扣除报销后", "care, after reimbursement"),
    "school": Text("教育，扣除报销后", "education, after reimbursement"),
    "work": Text("就业成本，扣除报销后", "cost of work, after reimbursement"),
    "accident": Text("意外损失，扣除报销后", "loss by accident, after reimbursement"),
    "other": Text("其他，扣除报销后", "other, after reimbursement"),
}


def classify(
    answers: Answers, numbers: Mapping[str, Any], today: date, *, found_income: int | None = None,
    proofs: Collection[str] = PROOF_KINDS,
) -> dict[str, Any]:
    """The facts of a household: lines, income and rigid spending of twelve months, income per head and month (pc),
    category, exclusions. numbers: subsistence_line and minimum_wage in fen a month. found_income: the yearly income
    the means check found, which replaces what was declared. proofs: kinds of income beside which none is imputed."""
    lines: Lines = []
    declared = sum(_incomes(answers, numbers, imputed(answers, today, proofs), lines))
    income = declared if found_income is None else found_income
    if found_income is not None:
        lines.append(_line("found", Text("经核对的家庭年收入", "Yearly income found by the check"), found_income))
    rigid, event = _rigid(answers, lines)
    members = 1 + len(answers.get("members") or [])
    line = int(numbers["subsistence_line"])
    pc = Fraction(income - rigid, MONTHS * members)
    excluded = exclusions(answers)
    category = _category(answers, pc, line, income, event, numbers.get("category_order", ORDER))
    lines += [
        _line("income", Text("家庭年收入合计", "Income of the household in 12 months"), income),
        _line("rigid", Text("刚性支出合计", "Rigid spending in 12 months"), rigid),
        _line("members", Text("共同生活人数", "People living together"), members, unit="people"),
        _line(
            "pc",
            Text(
                "人均月收入 =（收入 − 刚性支出）÷ 12 ÷ 人数", "Income a head and month = (income − rigid) ÷ 12 ÷ people"
            ),
            half_up(pc),
        ),
        _line("line", Text("当地月低保标准", "Local subsistence line a month"), line),
    ]
    return {
        "lines": lines,
        "income_fen": income,
        "rigid_fen": rigid,
        "members": members,
        "pc_fen": half_up(pc),
        "line_fen": line,
        "category": category,
        "exclusions": excluded,
        "event_fen": event,
        "loss_fen": int(answers.get("loss") or 0) or event,
    }


def classify_first(
    answers: Answers, numbers: Mapping[str, Any], today: date, *, found_income: int | None = None
) -> dict[str, Any]:
    """The rule as it was published first: a wage is imputed beside unemployment benefit, too. Versions that name it
    keep it, so that their cases come out again to the fen (domain §5.9 no. 18)."""
    return classify(answers, numbers, today, found_income=found_income, proofs=FIRST_PROOF_KINDS)


def _numbered(what: Text, number: int, kind: Text | None) -> Text:
    """"收入 1（工资）", as the rows of the form are counted."""
    tail = Text(f"（{kind.zh}）", f" ({kind.en})") if kind else Text("", "")
    return Text(f"{what.zh} {number + 1}{tail.zh}", f"{what.en} {number + 1}{tail.en}")


def _line(key: str, text: Text, value: int, unit: str = "fen") -> dict[str, Any]:
    return {"key": key, "zh": text.zh, "en": text.en, "value": value, "unit": unit}


def _incomes(answers: Answers, numbers: Mapping[str, Any], imputed_to: list[str], lines: Lines) -> list[int]:
    amounts = []
    for number, row in enumerate(answers.get("incomes") or []):
        amounts.append(0 if row.get("kind") in NOT_COUNTED else int(row.get("amount") or 0))
        lines.append(
            _line(
                f"income.{number}",
                _numbered(Text("收入", "Income"), number, INCOMES.get(str(row.get("kind")))),
                amounts[-1],
            )
        )
    wage = int(numbers["minimum_wage"]) * MONTHS
    for member in imputed_to:
        amounts.append(wage)
        lines.append(_line(f"imputed.{member}", _imputed_words(member), wage))
    return amounts


def _imputed_words(member: str) -> Text:
    who = Text("申请人", "applicant")
    if member != "self":
        who = Text(f"家庭成员 {int(member) + 1}", f"member {int(member) + 1}")
    return Text(f"按当地最低工资推定的收入（{who.zh}）", f"Imputed at the local minimum wage ({who.en})")


def imputed(answers: Answers, today: date, proofs: Collection[str] = PROOF_KINDS) -> list[str]:
    """Members of working age who could work, are no students and gave no income: the minimum wage is imputed. proofs:
    kinds of income that count for this."""
    with_income = {str(row.get("member")) for row in answers.get("incomes") or [] if row.get("kind") in proofs}
    people = [("self", answers), *((str(n), row) for n, row in enumerate(answers.get("members") or []))]
    found = []
    for key, person in people:
        number = str(person.get("id_no") or "")
        if key in with_income or person.get("work") in NOT_WORKING or len(number) != 18 or "*" in number:
            continue
        born = birth_of(number)
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        if WORKING_AGE[0] <= age < WORKING_AGE[1]:
            found.append(key)
    return found


def _rigid(answers: Answers, lines: Lines) -> tuple[int, int]:
    """(all rigid spending, the part caused by a sudden event or illness), net of what was reimbursed."""
    total = event = 0
    for number, row in enumerate(answers.get("rigid") or []):
        net = max(0, int(row.get("amount") or 0) - int(row.get("reimbursed") or 0))
        total += net
        if row.get("kind") in ("medical", "accident"):
            event += net
        words = _numbered(Text("刚性支出", "Rigid spending"), number, RIGID.get(str(row.get("kind"))))
        lines.append(_line(f"rigid.{number}", words, net))
    return total, event


def exclusions(answers: Answers) -> list[str]:
    """Reason codes that exclude a household whatever its income (domain §4.7)."""
    found = []
    if int(answers.get("homes") or 0) >= 2:
        found.append("EXCL_HOMES")
    if answers.get("business") == "hiring":
        found.append("EXCL_BUSINESS")
    if answers.get("private_school") or answers.get("study_abroad"):
        found.append("EXCL_SCHOOL")
    if answers.get("vehicle") == "private":
        found.append("EXCL_CAR")
    return found


def _category(answers: Answers, pc: Fraction, line: int, income: int, event: int, order: Any) -> str:
    """deep: pc < L; relative: L ≤ pc < 2L; accidental: an event, or own cost of at least 80 % of the yearly income.
    The first match in the order wins."""
    fits = {
        "deep": pc < line,
        "relative": line <= pc < 2 * line,
        "accidental": bool(answers.get("disaster")) or (event > 0 and event >= EVENT_SHARE * income),
    }
    return next((category for category in order if fits[category]), "none")
