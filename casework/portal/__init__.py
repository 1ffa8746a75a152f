"""Pages for applicants. No rules inside."""
