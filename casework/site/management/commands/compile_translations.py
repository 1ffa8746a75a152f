"""Compile the Chinese texts that changed."""
from typing import Any

from django.core.management.base import BaseCommand

from casework.site.translations import compile_changed


class Command(BaseCommand):
    """manage.py compile_translations: .po to .mo, in Python alone."""

    help = "Compile the translations that changed since they were last compiled."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile and say how many."""
        made = compile_changed()
        if made and options["verbosity"]:
            self.stdout.write(f"Translations compiled: {len(made)}")
