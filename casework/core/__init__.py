"""Money, office calendar, identifiers, encryption and clock. Imports nothing of ours."""
