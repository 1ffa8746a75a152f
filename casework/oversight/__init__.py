"""Pages and commands for auditors: search, timeline, verification, export."""
