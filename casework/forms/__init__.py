"""The typed field language: one declaration gives the HTML form, JSON Schema, checks, review rows and drafts."""
