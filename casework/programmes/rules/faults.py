"""A rule that cannot be worked out says where, what and how to mend it; it never guesses a figure."""

from casework.core.text import Text

CORRECT = Text(
    "请政策管理人员更正该数值，注明依据和生效日期。",
    "The policy officer enters a corrected value with its source and date.",
)


class RuleFault(Exception):
    """where: the regional number and the key inside it, such as "mutual_hospital.tiers[1].to_fen"; what is wrong there;
    mend: how to put it right. Both in both languages."""

    def __init__(self, where: str, what: Text, mend: Text = CORRECT) -> None:
        self.where, self.what, self.mend = where, what, mend
        super().__init__(f"{where}: {what.en}")
