"""Template tags of the auditors' pages."""
