"""What the server tells of itself: whether it is well, how much it does, and what it did."""
