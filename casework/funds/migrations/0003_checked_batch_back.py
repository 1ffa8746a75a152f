"""A checked batch may go back as long as it was not sent: the guard of its states lets it."""
from importlib import import_module

from django.db import migrations

GUARDS = import_module("casework.funds.migrations.0002_guards")
TABLE = "funds_batch"
BEFORE = GUARDS.FORWARD[TABLE]
AFTER = {**BEFORE, "checked": ("exported", "rejected")}


def _guard(schema_editor, forward):
    """Put the guard of the batches up anew, with these ways from state to state."""
    conditions = GUARDS._conditions(TABLE, forward)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_stays ON {TABLE}", params=None)
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_stays BEFORE UPDATE ON {TABLE} FOR EACH ROW"
            f" WHEN ({conditions}) EXECUTE FUNCTION funds_stays()", params=None,
        )
        return
    schema_editor.execute(f"DROP TRIGGER {TABLE}_stays", params=None)
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_stays BEFORE UPDATE ON {TABLE} WHEN {conditions}"
        f" BEGIN SELECT RAISE(ABORT, '{TABLE}: what was approved stays, and moves only forward'); END", params=None,
    )


def forwards(apps, schema_editor):
    """checked → exported or rejected."""
    _guard(schema_editor, AFTER)


def backwards(apps, schema_editor):
    """checked → exported."""
    _guard(schema_editor, BEFORE)


class Migration(migrations.Migration):
    dependencies = [("funds", "0002_guards")]
    operations = [migrations.RunPython(forwards, backwards)]
