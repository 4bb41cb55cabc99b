"""Formulas for people: the small part of LaTeX that the catalogue writes, read once, then painted or said in plain text."""
