"""What a checkpoint is made of: weights in any of the hub's formats, and JSON that is checked."""
