"""die_at(k): run an action in a child process that is killed before or after its k-th SQL statement or COMMIT."""
import contextlib
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

DIED = 137
FINISHED = 0
REFUSED = 3
COMMIT = 0  # as k: whichever step the COMMIT is


class Death:
    """Counts statements and commits; kills the process at the chosen one. Lives in the test, not in the product."""

    def __init__(self, k: int, after: bool) -> None:
        self.k, self.after, self.count = k, after, 0

    def _step(self, run: Callable[[], Any]) -> Any:
        self.count += 1
        if self.count == self.k and not self.after:
            os._exit(DIED)
        answer = run()
        if self.count == self.k and self.after:
            os._exit(DIED)
        return answer

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        return self._step(lambda: execute(sql, params, many, context))

    def _commit(self, commit: Callable[[], Any]) -> Any:
        if self.k == COMMIT:
            self.k = self.count + 1
        return self._step(commit)

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Count every statement and every COMMIT of the connection."""
        commit = connection._commit
        connection._commit = lambda: self._commit(commit)
        try:
            with connection.execute_wrapper(self):
                yield
        finally:
            connection._commit = commit


def _forget_parent_connection() -> None:
    """A child must not share its parent's socket or file handle: drop it without closing."""
    connection.connection = None
    connection.in_atomic_block = False
    connection.savepoint_ids = []
    connection.needs_rollback = False
    connection.closed_in_transaction = False
    connection.run_on_commit = []
    if hasattr(connection, "pool"):
        connection._connection_pools.pop(connection.alias, None)


def run_dying(action: Callable[[], Any], k: int, *, after: bool) -> tuple[int, int]:
    """Run the action in a child that dies at step k (COMMIT: at that). Returns (exit code, steps counted when it
    finished)."""
    connection.close()
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = FINISHED
        death = Death(k, after)
        try:
            _forget_parent_connection()
            with death.watching():
                action()
        except Exception:
            traceback.print_exc(file=sys.stderr)
            code = REFUSED
        os.write(writer, str(death.count).encode())
        os._exit(code)
    os.close(writer)
    _pid, status = os.waitpid(pid, 0)
    told = os.read(reader, 20)
    os.close(reader)
    return os.waitstatus_to_exitcode(status), int(told or b"0")


def every_death(
    action: Callable[[], Any], check: Callable[[bool], None], limit: int = 400, *, both: bool = True
) -> int:
    """Kill the action before and after every one of its steps; check(finished) after each. The last round, in which
    nothing is left to kill, must finish. both: to the database, after one step is before the next; without it only the
    deaths before each step are tried. Returns the number of places at which it died."""
    places = 0
    for k in range(1, limit):
        done = False
        for after in (False, True) if both else (False,):
            code, _count = run_dying(action, k, after=after)
            check(code == FINISHED)
            if code == DIED:
                places += 1
            elif code == FINISHED:
                done = True
            else:
                raise AssertionError(f"step {k}: the action failed on its own")
        if done:
            return places
    raise AssertionError("the action has more steps than the limit")
