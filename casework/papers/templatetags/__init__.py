"""Filters of the templates of papers."""
