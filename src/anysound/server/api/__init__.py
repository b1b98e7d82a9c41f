"""The HTTP API under `/v1`: what it takes, what it answers, and how it says what went wrong."""
