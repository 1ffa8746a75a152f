"""The worker that sends messages. Work is found in rows, so a lost task loses nothing (promises N1, C1)."""
from datetime import timedelta

from celery import shared_task

from casework.core import clock
from casework.notifications import deliver

# A sweep ends before the next one comes, also when a gateway lets everybody wait.
SWEEP = timedelta(seconds=25)


@shared_task(name="casework.notifications.tasks.deliver_message")
def deliver_message(message: int) -> bool:
    """Send one message; does nothing when it is sent already or another worker is at it. True when it was sent."""
    return deliver.deliver(message, clock.now())


@shared_task(name="casework.notifications.tasks.sweep_messages")
def sweep_messages() -> int:
    """Send what is due, the oldest first, for at most 25 seconds; returns how many were sent. What is left, or fails,
    is found by a later sweep."""
    end, sent = clock.now() + SWEEP, 0
    while chunk := deliver.due_ids(clock.now()):
        for message in chunk:
            now = clock.now()
            if now >= end:
                return sent
            sent += deliver.deliver(message, now)
    return sent
