"""Campaigns and their lines: a roster drawn from the dossiers, each line opened as a case of its own, nominations of a
round ranked within quotas. Rows first: whatever stops half-way goes on from the rows with the next beat."""

import logging

from django.db import transaction

logger = logging.getLogger(__name__)


def wake_after_commit() -> None:
    """Tell a worker that a campaign has work."""
    transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    from casework.workflows.tasks import tend_campaigns

    try:
        tend_campaigns.apply_async(retry=False)
    except Exception:  # whatever ails the broker
        logger.warning("no worker was told of a campaign; the beat tends it", exc_info=True)
