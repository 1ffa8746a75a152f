"""World: n identical or rival actions released at once by a barrier, on the real database."""
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import connection, connections

from casework.core.problems import Refused

PATIENCE = 120.0  # seconds one round may take


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Run the actions in threads that start together. Returns each answer, or the exception it raised."""
    answers: list[Any] = []
    in_rounds(1, [partial(_whatever_round, action) for action in actions], lambda _number, found: answers.extend(found))
    return answers


def _whatever_round(action: Callable[[], Any], _number: int) -> Any:
    return action()


def in_rounds(
    rounds: int, rivals: Sequence[Callable[[int], Any]], judge: Callable[[int, list[Any]], None]
) -> None:
    """The same rivals meet again and again, each in a thread that lives through all rounds; they are given the number
    of the round, from 0. judge(number, answers) looks at each round while all stand still; an exception that a rival
    raised is his answer."""
    gate = threading.Barrier(len(rivals) + 1, timeout=PATIENCE)
    answers: list[Any] = [None] * len(rivals)

    def live(place: int, rival: Callable[[int], Any]) -> None:
        try:
            for number in range(rounds):
                gate.wait()
                try:
                    answers[place] = rival(number)
                except Exception as error:
                    answers[place] = error
                gate.wait()
        except threading.BrokenBarrierError:
            pass  # the judge saw enough, or somebody never came back
        finally:
            connections.close_all()

    connection.close()
    threads = [threading.Thread(target=live, args=(place, one), daemon=True) for place, one in enumerate(rivals)]
    for thread in threads:
        thread.start()
    try:
        for number in range(rounds):
            gate.wait()
            gate.wait()
            judge(number, list(answers))
    finally:
        gate.abort()
        for thread in threads:
            thread.join(timeout=PATIENCE)


def tried(action: Callable[[], Any]) -> Any:
    """The answer, or the exception, as at_once() gives it."""
    try:
        return action()
    except Exception as error:
        return error


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
