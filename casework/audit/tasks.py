"""Background work of the event log."""
import logging

from celery import shared_task

from casework.audit import checkpoints
from casework.core import clock

logger = logging.getLogger(__name__)


@shared_task
def seal_checkpoint() -> None:
    """Seal what moved. Run by beat twice a minute, so that nothing waits longer than 60 s (promise A4)."""
    before = checkpoints.waiting()
    if before.alarm(clock.now()):
        logger.error("audit: events have waited for the sealer since %s", before.since)
    checkpoints.seal_all(clock.now())
