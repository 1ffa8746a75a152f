"""Filled-in applications for tests: a family in hardship, and its request for living aid."""
