"""Users, dated role assignments, substitutes and the acting person (Actor)."""
