"""A story for each service, from form to result, through the door."""
