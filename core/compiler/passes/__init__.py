"""One pass, one concern: each takes what the passes before it found, and adds its own."""
