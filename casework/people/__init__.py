"""Persons, households, kinship, bank accounts, consents; each person has a data key of his own."""
