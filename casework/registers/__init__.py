"""What outlasts a case: dated entries such as the hardship dossier."""
