"""The worker that makes papers. Work is found in rows, so a lost message loses nothing (promise C1)."""
from celery import shared_task

from casework.core import clock
from casework.papers import making


@shared_task(name="casework.papers.tasks.make_paper")
def make_paper(paper: int) -> bool:
    """Make one paper; does nothing when it is made already or another worker is at it. True when it was made."""
    return making.make(paper, clock.now())


@shared_task(name="casework.papers.tasks.sweep_papers")
def sweep_papers() -> int:
    """Make every paper that is due; returns how many were made."""
    return making.sweep(clock.now())
