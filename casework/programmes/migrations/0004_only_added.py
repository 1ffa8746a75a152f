"""Regional numbers and revisions of drafts are only added: no UPDATE, no DELETE."""
from django.db import migrations

TABLES = {"number": "programmes_parameter", "revision": "programmes_draftrevision"}
SQLITE = [
    f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'numbers and revisions are only added'); END"
    for name, table in TABLES.items() for verb in ("UPDATE", "DELETE")
]
POSTGRES = [
    "CREATE FUNCTION programmes_only_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'numbers and revisions are only added' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    *(
        f"CREATE TRIGGER {name}_only_added BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION programmes_only_added()"
        for name, table in TABLES.items()
    ),
]


def forwards(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES:
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        statements = [f"DROP TRIGGER IF EXISTS {name}_no_{verb}" for name in TABLES for verb in ("update", "delete")]
    else:
        statements = [f"DROP TRIGGER IF EXISTS {name}_only_added ON {table}" for name, table in TABLES.items()]
        statements.append("DROP FUNCTION IF EXISTS programmes_only_added()")
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("programmes", "0003_drafts")]
    operations = [migrations.RunPython(forwards, backwards)]
