"""World: n identical or rival actions released at once by a barrier, on the real database."""
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

from casework.core.problems import Refused


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Run the actions in threads that start together. Returns each answer, or the exception it raised."""
    barrier = threading.Barrier(len(actions))
    answers: list[Any] = [None] * len(actions)

    def run(place: int, action: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=30)
            answers[place] = action()
        except Exception as error:
            answers[place] = error
        finally:
            connections.close_all()

    connection.close()
    threads = [threading.Thread(target=run, args=(place, action), daemon=True) for place, action in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return answers


def tally(answers: list[Any]) -> Counter[str]:
    """How many won, and with which status the others were refused; anything else under its own name."""
    found: Counter[str] = Counter()
    for answer in answers:
        if isinstance(answer, Refused):
            found[str(answer.status)] += 1
        elif isinstance(answer, BaseException):
            found[type(answer).__name__] += 1
        else:
            found["won"] += 1
    return found
