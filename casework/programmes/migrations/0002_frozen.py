"""A published version is frozen: no UPDATE, no DELETE."""
from django.db import migrations

SQLITE = [
    f"CREATE TRIGGER version_no_{verb.lower()} BEFORE {verb} ON programmes_programmeversion "
    "BEGIN SELECT RAISE(ABORT, 'published versions are frozen'); END"
    for verb in ("UPDATE", "DELETE")
]
POSTGRES = [
    "CREATE FUNCTION version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'published versions are frozen' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER version_frozen BEFORE UPDATE OR DELETE ON programmes_programmeversion "
    "FOR EACH ROW EXECUTE FUNCTION version_frozen()",
]


def forwards(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES:
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        statements = ["DROP TRIGGER IF EXISTS version_no_update", "DROP TRIGGER IF EXISTS version_no_delete"]
    else:
        statements = ["DROP TRIGGER IF EXISTS version_frozen ON programmes_programmeversion", "DROP FUNCTION IF EXISTS version_frozen()"]
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
