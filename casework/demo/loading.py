"""The order in which the demonstration is loaded. A new module is a new line here."""
from datetime import datetime
from importlib import import_module

from django.db import transaction

# Later ones rest on earlier ones: people stand in organisations, logins belong to people, funds to organisations.
MODULES = ("organisations", "people", "logins", "programmes", "funds", "cover")


def load(now: datetime) -> list[str]:
    """Load every module in one transaction: all or nothing. Loading again adds only what is missing. Returns the
    names of the modules."""
    with transaction.atomic():
        for name in MODULES:
            import_module(f"casework.demo.{name}").load(now)
    return list(MODULES)
