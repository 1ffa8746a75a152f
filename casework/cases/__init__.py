"""Case, numbers, answers, links, notes, and the queries behind lists."""
