"""Runs in the virtual environment with DATABASE_URL set; makes a throw-away database beside it and drops it again."""
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import django


def _seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def doors(cases: int) -> Iterator[dict[str, Any]]:
    """Cases through the door and by hand in turn, so that whatever else this machine does weighs on both."""
    from django.db import connection

    from casework.core.clock import now
    from tools.bench import bulk, by_hand, lifecycle
    from tools.bench.town import Town, person_of

    town = Town(now())
    recording = record(town)
    sql = by_hand.statements(recording)
    by_hand.prove(recording, sql, person_of(town.applicants(1)[0]))
    door: list[float] = []
    hand: list[float] = []
    for number, (user, other) in enumerate(_pairs(town.applicants(2 * (cases + 5)))):
        twin = by_hand.Twin(recording, person_of(other))
        through_door = sum(_seconds(work) for _name, work in lifecycle.steps(town, user))
        as_sql = sum(_seconds(partial(one.send, twin)) for one in sql)
        if number >= 5:  # the first ones warm everything up
            door.append(through_door)
            hand.append(as_sql)
    counts = {name: len(sent) for name, sent in lifecycle.statements(town, town.applicants(1)[0]).items()}
    transitions = [count for name, count in counts.items() if name != "submit"]
    yield {
        "name": "lifecycle", "ratio": round(statistics.median(hand) / statistics.median(door), 3),
        "cases": cases, "door_ms": round(statistics.median(door) * 1000, 2),
        "by_hand_ms": round(statistics.median(hand) * 1000, 2), "statements": counts,
        "statements_per_transition": round(statistics.mean(transitions), 1), "rows_per_case": sum(
            len(writes) for _name, writes in recording.transitions),
    }
    if connection.vendor == "postgresql":
        yield bulk.measure(town, recording, sql, cases * 5)


def catalogue() -> dict[str, Any]:
    """Every service built from its folder in a fresh process, against only reading the same files as YAML."""
    import yaml

    from casework.programmes import loader

    texts = [path.read_text(encoding="utf-8") for path in sorted(loader.CATALOGUE.glob("*/*.yaml"))]
    plain = _seconds(lambda: [yaml.load(text, yaml.CSafeLoader) for text in texts])
    ours = _seconds(loader.load_catalogue)
    return {
        "name": "catalogue", "ratio": round(plain / ours, 3), "services": len(loader.load_catalogue()),
        "door_ms": round(ours * 1000, 1), "by_hand_ms": round(plain * 1000, 1),
        "again_ms": round(_seconds(loader.load_catalogue) * 1000, 2),
    }


def _pairs(users: list[Any]) -> list[tuple[Any, Any]]:
    return list(zip(users[::2], users[1::2], strict=True))


def record(town: Any) -> Any:
    """One case through the door, with the rows it writes."""
    from tools.bench import by_hand, lifecycle
    from tools.bench.town import person_of

    for _name, work in lifecycle.steps(town, town.applicants(1)[0]):  # series and counters exist from the first case on
        work()
    user = town.applicants(1)[0]
    recording = by_hand.Recording(person_of(user))
    for name, work in lifecycle.steps(town, user):
        work()
        recording.note(name)
    return recording


def table(result: dict[str, Any]) -> str:
    """The figures for a person to read."""
    lines = [f"On {result['engine']}", f"{'':<22}{'ratio':>8}{'Casework':>12}{'by hand':>12}"]
    for entry in result["entries"]:
        ours, theirs = f"{entry['door_ms']} ms", f"{entry['by_hand_ms']} ms"
        lines.append(f"{entry['name']:<22}{entry['ratio']:>8}{ours:>12}{theirs:>12}")
        lines += [f"    {name}: {value}" for name, value in entry.items() if name not in _SHOWN]
    return "\n".join(lines)


_SHOWN = ("name", "ratio", "door_ms", "by_hand_ms")


def main(cases: int, form: str) -> None:
    """Measure everything and print it."""
    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        engine = f"{connection.vendor} {'.'.join(map(str, connection.get_database_version()))}"
        result = {"engine": engine, "entries": [catalogue(), *doors(cases)]}
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    if form == "table":
        print(table(result))
    print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
