"""What keeps the server safe: who is let in, how much of it, and how often."""
