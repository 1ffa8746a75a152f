"""Tries to log in, kept to slow down guessing (promise W1)."""
from django.db import models


class LoginTry(models.Model):
    """One try. account, address: keyed digests, so that the table tells nobody who lives here. known: it succeeded,
    so this address is known to the account and keeps an allowance of its own."""

    account = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()
    known = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="tries_of_account"),
            models.Index(fields=["address", "at"], name="tries_from_address"),
        ]
