"""Casework: workflow and case management for assistance applications."""

from casework.celery import app as celery_app

__all__ = ["celery_app"]
