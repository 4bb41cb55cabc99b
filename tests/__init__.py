"""The tests; ``python -m tests`` runs everything that must hold before a change lands."""
