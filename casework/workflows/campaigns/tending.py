"""The beat of the campaigns: go on with rosters that are being drawn and with lines that are to be opened."""

from datetime import datetime

from casework.workflows.campaigns import drawing, opening


def tend(now: datetime) -> int:
    """One round. Returns how many lines were drawn or opened."""
    return drawing.draw_all(now) + opening.open_all(now)
