"""Settings of the app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Registers the system checks of policies and of the catalogue when Django starts."""

    name = "casework.site"
    label = "site"

    def ready(self) -> None:
        """Make Django know the checks."""
        from casework.site import catalogue_check, policy_check  # noqa: F401 - register on import
