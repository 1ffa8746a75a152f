"""Uploaded files: sniffed, parsed, stored under their hash, previewed and served through a rights check."""
