"""Package data: examples, datasets, icons, help. No code."""
