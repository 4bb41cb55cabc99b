"""One gesture, one object: it starts, moves, and either finishes as one undo step or is cancelled and leaves nothing."""
