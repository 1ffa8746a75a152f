"""Step kinds, one file each. A kind is a tuple of choices; the route says where it stands and who does it."""
