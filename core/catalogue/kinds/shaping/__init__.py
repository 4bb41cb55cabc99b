"""The kinds that give values another place, one file per close family."""
