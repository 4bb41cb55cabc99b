"""The kinds that slide a window over pictures and sequences, one file per close family."""
