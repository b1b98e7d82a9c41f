"""What keeps the server safe: limits on what comes in, and on how much of it."""
