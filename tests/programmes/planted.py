"""Faults planted in the files of living aid, one at a time: what is written instead, and where it must be found."""

from dataclasses import dataclass

PROGRAMME, FORM = "programme.yaml", "form.yaml"
REVIEW = "    review: {kind: review, by: reviewer@county, limit: 10wd,"
APPROVE = "    approve: {kind: approve, by: approver@county, limit: 3wd,"
PAY = "    pay: {kind: pay, by: cashier@county, maker: finance_officer@county, limit: 10wd,"
NOTICE = "limit: 12wd, scope: county, days: 5wd, shows: [name, unit, kind_of_aid, amount],"
RATE = "    rate: {kind: rate, by: applicant, limit: 10wd,"
ACCEPT = "    unit_check: {kind: accept, by: unit_handler@grassroots, limit: 3wd, silence: accepted,"
NEEDS = "needs: hardship_dossier"
DENY = "  - {when: {category: {in: [none, \"\"]}}, deny: NO_DOSSIER}"
YEAR = "          - {key: year, kind: year, required: true,"
INCOME = "          - {key: income_proof, kind: file, paper: income_proof, many: true, max_files: 9, required: true,"
IN_ROWS = """          - repeat: proofs
            title: {zh: 证明, en: Proofs}
            item_title: {zh: 证明, en: Proof}
            fields:
    """ + INCOME
LOSS = "          - {key: loss, kind: money,"
NAME = "          - {key: account_name, kind: person_name,"
WORKED_OUT = "          - {key: net, kind: money, derived: difference, of: OF, title: {zh: 净额, en: Net}}\n"
LATER = "          - {key: later, kind: money, max: 100, title: {zh: 后填, en: Later}}\n"
ROWS = """          - repeat: proofs
            title: {zh: 证明, en: Proofs}
            item_title: {zh: 证明, en: Proof}
            fields:
              - {key: inner, kind: money, max: 100, title: {zh: 金额, en: Amount}}
"""


@dataclass(frozen=True)
class Fault:
    """old is replaced by new in a file; mark: words of the line on which it must be found, "" for no line."""

    name: str
    code: str
    place: str
    old: str
    new: str
    mark: str = ""
    file: str = PROGRAMME


GROUPS = {"unit_check": "submitted", "pay": "approved", "check_again": "approved", "rate": "settled"}


def _route(key: str, rest: str = "") -> str:
    return f"route.{GROUPS.get(key, 'accepted')}.{key}{rest}"


HOW = "，最高 {living_aid.accidental_cap_fen:yuan} 元"
# A sum as people write it.
SUMS = (
    "¥3,000", "￥3000", "3,000余元", "3000 多元", "3 亿元", "2.5 万元", "CNY 3,000", "RMB3000", "３０００元",
    "三千元",
    "两万五千元", "十余元", "80％", "百分之八十",
)

FAULTS = (
    Fault("a sum in a text", "FIGURE_IN_TEXT", "how_much.zh", HOW, "，最高 10,000 元", "最高 10,000 元"),
    Fault("a percentage in a text", "FIGURE_IN_TEXT", "how_much.en", "{living_aid.accidental_percent} % of", "15 % of",
          "15 % of"),
    *(Fault(f"a sum written {told}", "FIGURE_IN_TEXT", "how_much.zh", HOW, f"，最高 {told}", f"最高 {told}")
      for told in SUMS),
    *(Fault(f"a figure written {told}", "FIGURE_IN_TEXT", "how_much.en", "{living_aid.accidental_percent} % of",
            f"{told} of", f"{told} of") for told in ("80 percent", "CNY 3,000", "3 thousand yuan", "3,000 RMB")),
    Fault("a number in a text of the form that is not filled in", "BAD_PLACE", "items[0].title.zh",
          "title: {zh: 救助年度,", 'title: {zh: "{subsistence_line:yuan} 元以内的年度",', "元以内的年度", FORM),
    Fault("a text with a number that is not listed", "BAD_PLACE", "how_much.zh", HOW,
          HOW.replace("living_aid.", "tuition_aid."), "tuition_aid."),
    Fault("a text with a number that is told in no known way", "BAD_PLACE", "how_much.zh", HOW,
          HOW.replace(":yuan", ":euro"), ":euro"),
    Fault("money told as a plain number", "BAD_PLACE", "how_much.zh", HOW, HOW.replace(":yuan", ""), "cap_fen}"),
    Fault("a number in a text that is not filled in", "BAD_PLACE", "title.zh", "title: {zh: 生活救助,",
          'title: {zh: "生活救助 {subsistence_line:yuan}",', "生活救助 {"),
    Fault("a condition with a number that is not frozen", "NUMBER_NOT_FROZEN",
          _route("review", ".when.award_fen.above"),
          REVIEW, REVIEW + " when: {award_fen: {above: {number: line_of_review}}},", "line_of_review"),
    Fault("a condition with a number before any is frozen", "TOO_EARLY", _route("unit_check", ".when"), ACCEPT,
          ACCEPT + " when: {requested_fen: {above: {number: subsistence_line}}},", "above: {number"),
    Fault("a test that compares with no number", "NOT_BUILT", _route("review", ".when.award_fen"), REVIEW,
          REVIEW + " when: {award_fen: {in: {number: subsistence_line}}},", "in: {number"),
    Fault("a kind of step that is none", "NO_SUCH_KIND", _route("review", ".kind"),
          REVIEW, REVIEW.replace("kind: review", "kind: reveiw"), "reveiw"),
    Fault("a step without a limit", "NO_LIMIT", _route("review", ".limit"), REVIEW,
          REVIEW.replace("10wd", "0wd"), "limit: 0wd"),
    Fault("a step without its limit at all", "NOT_BUILT", _route("review"), REVIEW,
          REVIEW.replace("limit: 10wd,", ""), "review: {kind"),
    Fault("a role that is none", "NOT_BUILT", _route("review", ".by"), REVIEW,
          REVIEW.replace("reviewer@", "reviwer@"), "reviwer@"),
    Fault("a level that is none", "NOT_BUILT", _route("review", ".by"), REVIEW,
          REVIEW.replace("@county", "@country"), "@country"),
    Fault("a role that may decide nothing", "ROLE_UNABLE", _route("review", ".by"), REVIEW,
          REVIEW.replace("reviewer@", "auditor@"), "auditor@"),
    Fault("an office that rates for the applicant", "ROLE_UNABLE", _route("rate", ".by"), RATE,
          RATE.replace("by: applicant", "by: reviewer@county"), "kind: rate"),
    Fault("a mistyped option", "NO_SUCH_OPTION", _route("county_notice", ".day"), NOTICE,
          NOTICE.replace("days: 5wd", "days: 5wd, day: 5wd"), "day: 5wd"),
    Fault("an option of the wrong type", "WRONG_OPTION", _route("unit_check", ".silence"), ACCEPT,
          ACCEPT.replace("silence: accepted", "silence: yes"), "silence: yes"),
    Fault("an option left out", "OPTION_MISSING", _route("county_notice"), NOTICE,
          NOTICE.replace("days: 5wd, ", ""), "county_notice"),
    Fault("a notice that shows what is forbidden", "WRONG_OPTION", _route("county_notice", ".shows"), NOTICE,
          NOTICE.replace("[name,", "[name, id_no,"), "id_no"),
    Fault("a notice longer than its step", "NOTICE_TOO_LONG", _route("county_notice", ".limit"), NOTICE,
          NOTICE.replace("12wd", "4wd"), "limit: 4wd"),
    Fault("a step that no facts can ask for", "UNREACHABLE", _route("review"), REVIEW,
          REVIEW.replace("limit", "when: {award_fen: {at_least: 9, at_most: 3}}, limit"), "at_most: 3"),
    Fault("a refusal the life cycle does not know here", "NOT_FROM_HERE", _route("check_again", ".kind"),
          "  approved:\n", "  approved:\n    check_again: {kind: review, by: reviewer@county, limit: 3wd, "
          "title: {zh: 复查, en: Second look}}\n", "check_again"),
    Fault("a form that does not know the union", "NO_UNION", "pages", NEEDS, "needs: ''"),
    Fault("a refusal without a reason", "NOT_BUILT", "eligibility[0].deny", DENY,
          DENY.replace("NO_DOSSIER", "NO_DOSIER"), "NO_DOSIER"),
    Fault("a refusal of everybody", "REFUSES_ALL", "eligibility[0].when", DENY,
          "  - {when: {}, deny: NO_DOSSIER}", "when: {}"),
    Fault("a fact that is none", "NO_SUCH_FACT", "eligibility[0].when.categry", DENY,
          DENY.replace("category:", "categry:"), "categry"),
    Fault("a condition on a fact that is none", "NO_SUCH_FACT", _route("review", ".when.award"), REVIEW,
          REVIEW.replace("limit", "when: {award: {at_least: 9}}, limit"), "{award:"),
    Fault("a condition that compares with words", "WRONG_TEST", _route("review", ".when.award_fen.at_least"), REVIEW,
          REVIEW.replace("limit", "when: {award_fen: {at_least: 3000 yuan}}, limit"), "3000 yuan"),
    Fault("a reason to deny that compares with words", "WRONG_TEST", "eligibility[1].when.award_fen.above", DENY,
          f"{DENY}\n  - {{when: {{award_fen: {{above: abc}}}}, deny: NO_DOSSIER}}", "above: abc"),
    Fault("a test that is none", "NOT_BUILT", _route("review", ".when.award_fen"), REVIEW,
          REVIEW.replace("limit", "when: {award_fen: {more_than: 9}}, limit"), "more_than"),
    Fault("an amount asked for before it is approved", "TOO_EARLY", _route("review", ".when.amount_fen"), REVIEW,
          REVIEW.replace("limit", "when: {amount_fen: {at_least: 9}}, limit"), "amount_fen: {at"),
    Fault("a step beside one that is not there", "NOT_BUILT", _route("approve", ".with"), APPROVE,
          APPROVE.replace("limit", "with: reveiw, limit"), "reveiw"),
    Fault("a level by something else than the amount", "NOT_BUILT", _route("approve", ".at"), APPROVE,
          APPROVE.replace("limit", "at: by_weight, limit"), "by_weight"),
    Fault("ceilings that are not frozen", "NUMBER_NOT_FROZEN", _route("approve", ".at"), APPROVE,
          APPROVE.replace("approver@county", "approver, at: by_amount"), "by_amount"),
    Fault("ceilings asked for before the acceptance", "TOO_EARLY", _route("unit_check", ".at"), ACCEPT,
          ACCEPT.replace("unit_handler@grassroots", "unit_handler, at: by_amount"), "by_amount"),
    Fault("a register that nobody fills", "NO_SUCH_REGISTER", "needs", NEEDS, "needs: hardship_dosier", "dosier"),
    Fault("an entry that no step makes", "NEVER_ENTERED", "gives", NEEDS, NEEDS + "\ngives: {register: heating}",
          "gives:"),
    Fault("a yearly check of what is not checked", "NO_YEARLY_CHECK", "renews.register", NEEDS,
          NEEDS + "\nrenews: {register: membership}", "renews:"),
    Fault("a yearly check that finds nothing", "NOTHING_TO_RENEW", "renews", NEEDS,
          NEEDS + "\nrenews: {register: hardship_dossier}", "renews:"),
    Fault("a yearly check that is never entered", "NEVER_ENTERED", "renews", NEEDS,
          NEEDS + "\nrenews: {register: hardship_dossier}", "renews:"),
    Fault("a second look that gives something itself", "NEVER_UPHELD", "re_examines", NEEDS,
          NEEDS + "\nre_examines: 15d", "re_examines:"),
    Fault("earlier answers of no service", "NO_SUCH_SERVICE", "begins_with[1]", NEEDS,
          NEEDS + "\nbegins_with: [living_aid, living_ad]", "begins_with:"),
    Fault("a promise longer than the limit", "PROMISE_TOO_LONG", "total.promise", "promise: 15wd", "promise: 25wd",
          "promise: 25wd"),
    Fault("a text without its English", "TEXT_MISSING", _route("pay", ".title.en"), "title: {zh: 发放, en: Payment}",
          'title: {zh: 发放, en: " "}', 'en: " "'),
    Fault("a Chinese text in English", "WRONG_LANGUAGE", _route("pay", ".title.zh"), "title: {zh: 发放, en: Payment}",
          "title: {zh: Payment, en: Payment}", "zh: Payment"),
    Fault("an English text in Chinese", "WRONG_LANGUAGE", "pages[0].title.en",
          "{zh: 申请内容, en: What you ask for}\n    g", "{zh: 申请内容, en: 申请内容}\n    g", "en: 申请内容", FORM),
    Fault("rows written into a group", "UNKNOWN_KEY", "pages[0].groups[0].repeat", "        items:",
          "        repeat: {min: 1}\n        items:", "repeat: {min", FORM),
    Fault("a mistyped key of a page", "UNKNOWN_KEY", "pages[1].hepl", "    help: {zh: 救助金", "    hepl: {zh: 救助金",
          "hepl:", FORM),
    Fault("a mistyped key of a field", "NOT_BUILT", "pages[0].groups[0].items[3]", LOSS, LOSS.replace("kind: money",
          "kind: money, mx: 9"), "", FORM),
    Fault("a text of the form left empty", "TEXT_MISSING", "pages[1].help.zh",
          "help: {zh: 救助金只能打到申请人本人的银行卡。,", 'help: {zh: "",', 'zh: ""', FORM),
    Fault("a paper without a file field", "PAPER_WITHOUT_FIELD", "papers.ledger", "papers:\n",
          "papers:\n  ledger: {title: {zh: 账本, en: Ledger}}\n", "ledger:"),
    Fault("a file field without a paper", "NO_SUCH_PAPER", "pages[2].groups[0].items[0].paper", INCOME,
          INCOME.replace("paper: income_proof", "paper: income_prof"), "income_prof,", FORM),
    Fault("a required paper that may be left out", "PAPER_OPTIONAL", "papers.income_proof", INCOME,
          INCOME.replace("required: true", "required: false"), "  income_proof:", FORM),
    Fault("a paper that never counts", "PAPER_MONTHS", "papers.income_proof.valid_months", "    valid_months: 6\n",
          "    valid_months: 0\n", "valid_months: 0"),
    Fault("a paper that outlives everybody", "PAPER_MONTHS", "papers.income_proof.valid_months",
          "    valid_months: 6\n", "    valid_months: 601\n", "valid_months: 601"),
    Fault("a paper that counts until some day", "NOT_BUILT", "papers.income_proof.valid_until", "    valid_months: 6\n",
          "    valid_until: soon\n", "valid_until: soon"),
    Fault("a shared paper asked for in rows", "SHARED_IN_ROWS", "papers.income_proof.shared", INCOME, IN_ROWS,
          "", FORM),
    Fault("a key that belongs to the date of a paper", "NOT_BUILT", "", LOSS,
          LOSS.replace("key: loss", "key: income_proof_dated"), "", FORM),
    Fault("a field shown by an answer that is not asked", "NO_SUCH_FIELD", "pages[0].groups[0].items[3].when.kind",
          LOSS, LOSS.replace("kind: money", "kind: money, when: {kind: accident}"), "accident}", FORM),
    Fault("a field shown by a later answer", "CONDITION_LATER", "pages[0].groups[0].items[3].when.loss", LOSS,
          LATER.replace("money", "money, when: {loss: {at_least: 1}}") + LOSS, "loss: {at", FORM),
    Fault("a field shown by an answer of a later page", "CONDITION_LATER", "pages[0].groups[0].items[3].when.card_no",
          LOSS, LOSS.replace("kind: money", "kind: money, when: {card_no: x}"), "card_no: x", FORM),
    Fault("a field shown by its own answer", "CONDITION_LATER", "pages[0].groups[0].items[3].when.loss", LOSS,
          LOSS.replace("kind: money", "kind: money, when: {loss: 1}"), "loss: 1", FORM),
    Fault("a field of a row shown by a later answer of the row", "CONDITION_LATER",
          "pages[0].groups[0].items[3].fields[0].when.after", LOSS,
          ROWS.replace("kind: money", "kind: money, when: {after: 1}")
          + LATER.replace("- {key: later", "    - {key: after") + LOSS, "after: 1", FORM),
    Fault("a field shown by rows", "CONDITION_LATER", "pages[0].groups[0].items[4].when.proofs", LOSS,
          ROWS + LOSS.replace("kind: money", "kind: money, when: {proofs: {in: [x]}}"), "proofs: {in", FORM),
    Fault("something worked out of an answer that is not asked", "NO_SUCH_FIELD", "pages[0].groups[0].items[3].of",
          LOSS, LOSS.replace("kind: money", "kind: money, derived: difference, of: [amount, back]"), "back]", FORM),
    Fault("something worked out of a later answer", "SOURCE_LATER", "pages[0].groups[0].items[3].of", LOSS,
          WORKED_OUT.replace("OF", "later") + LATER + LOSS, "of: later", FORM),
    Fault("something worked out of an answer of another page", "SOURCE_LATER", "pages[1].groups[0].items[0].of", NAME,
          WORKED_OUT.replace("OF", "amount") + NAME, "of: amount", FORM),
    Fault("something worked out of an answer outside of its row", "SOURCE_LATER",
          "pages[0].groups[0].items[3].fields[1].of", LOSS,
          ROWS + WORKED_OUT.replace("OF", "amount").replace("- {", "    - {") + LOSS, "of: amount", FORM),
    Fault("something worked out of an answer inside of a row", "NO_SUCH_FIELD", "pages[0].groups[0].items[4].of", LOSS,
          ROWS + WORKED_OUT.replace("OF", "inner") + LOSS, "of: inner", FORM),
    Fault("a fact without its field", "NO_SUCH_FIELD", "facts[0]", NEEDS, NEEDS + "\nfacts: [urgent]", "urgent"),
    Fault("a fact that would tell who it is", "PRIVATE_FACT", "facts[0]", NEEDS, NEEDS + "\nfacts: [reason]",
          "[reason]"),
    Fault("something granted once that is not asked", "NO_SUCH_FIELD", "once[0].fields[0]", NEEDS,
          NEEDS + "\nonce: [{key: bill, fields: [bill_no]}]", "bill_no"),
    Fault("a rule that is none", "NOT_BUILT", "award", "award: living_aid", "award: living_iad", "living_iad"),
    Fault("a payment without a fund", "PAY_WITHOUT_FUND", _route("pay"), "fund: living\n", "", "kind: pay"),
    Fault("a fund without a payment", "FUND_WITHOUT_PAY", "fund", PAY, "    done: {kind: check, by: organiser@town, "
          "limit: 3wd,", "fund: living"),
    Fault("a fund without a rule for the amount", "FUND_WITHOUT_AWARD", "fund", "award: living_aid\n", "", "fund: liv"),
    Fault("a payment without an account", "PAY_WITHOUT_ACCOUNT", _route("pay"), "key: card_no", "key: card_number", "",
          FORM),
    Fault("a cashier who makes the batch himself", "MAKER_IS_CASHIER", _route("pay", ".maker"), PAY,
          PAY.replace("finance_officer@", "cashier@"), "maker: cashier"),
    Fault("a duty that is none", "NO_SUCH_DUTY", _route("review", ".duty"), REVIEW,
          REVIEW.replace("limit", "duty: reviw, limit"), "reviw"),
    Fault("a late step handed down", "NOT_HIGHER", _route("review", ".on_timeout"), REVIEW,
          REVIEW.replace("limit", "on_timeout: organiser@town, limit"), "organiser@town"),
    Fault("a late step handed to an auditor", "ROLE_UNABLE", _route("review", ".on_timeout"), REVIEW,
          REVIEW.replace("limit", "on_timeout: auditor@city, limit"), "auditor@city"),
    Fault("a step handed on that silence ends", "NEVER_LATE", _route("unit_check", ".on_timeout"), ACCEPT,
          ACCEPT.replace("limit", "on_timeout: case_officer@county, limit"), "case_officer@county"),
    Fault("money without an approval", "UNAPPROVED", _route("pay"), APPROVE,
          APPROVE.replace("limit", "when: {award_fen: {at_least: 300000}}, limit"), "kind: pay"),
)
