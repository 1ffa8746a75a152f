"""The event log is append-only in the database itself, on both engines."""
from django.db import migrations

TABLES = ("audit_event", "audit_sealed", "audit_checkpoint", "audit_checkpointleaf")

FUNCTION = """
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def make(apps, schema_editor):
    """Refuse UPDATE and DELETE (and TRUNCATE on PostgreSQL) on each table."""
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(FUNCTION, params=None)
    for table in TABLES:
        for statement in _statements(vendor, table):
            schema_editor.execute(statement)


def _statements(vendor, table):
    if vendor == "postgresql":
        verbs = "UPDATE OR DELETE OR TRUNCATE"
        function = "EXECUTE FUNCTION audit_append_only()"
        return [f"CREATE TRIGGER {table}_append_only BEFORE {verbs} ON {table} FOR EACH STATEMENT {function}"]
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only: {verb} refused'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def unmake(apps, schema_editor):
    """Take the triggers away again."""
    postgres = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        names = [f"{table}_append_only"] if postgres else [f"{table}_no_update", f"{table}_no_delete"]
        for name in names:
            schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgres else ""))
    if postgres:
        schema_editor.execute("DROP FUNCTION audit_append_only()")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
