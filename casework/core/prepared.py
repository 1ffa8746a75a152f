"""A cursor for statements whose words stay the same: PostgreSQL plans them once a connection, not once a call.

Django's own cursor writes the values into the words. Half of what a small statement costs there is its planning.
"""
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def cursor() -> Any:
    """A cursor that sends values apart from words. On SQLite, which plans in the same breath, Django's own."""
    engine = connections[DEFAULT_DB_ALIAS]
    return _cursor(engine, 0) if engine.vendor == "postgresql" else engine.cursor()


def numbered_cursor() -> Any:
    """The same for words that bear PostgreSQL's own marks, $1 and on, which need not be looked for."""
    return _cursor(connections[DEFAULT_DB_ALIAS], 1)


def _cursor(engine: Any, kind: int) -> Any:
    engine.ensure_connection()
    return engine._prepare_cursor(_kinds()[kind](engine.connection))


@cache
def _kinds() -> tuple[Any, Any]:
    """Django's cursors for values apart, which also remember what they sent, as its log of queries asks."""
    from django.db.backends.postgresql.base import CursorMixin, ServerBindingCursor
    from psycopg import RawCursor

    class Remembering:
        def _convert_query(self, query: Any, params: Any = None) -> Any:
            self._query = super()._convert_query(query, params)  # type: ignore[misc]
            return self._query

    class Marked(Remembering, ServerBindingCursor):
        pass

    class Numbered(Remembering, CursorMixin, RawCursor[Any]):
        pass

    return Marked, Numbered
