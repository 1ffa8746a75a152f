"""Pages for officers and finance. No rules inside."""
