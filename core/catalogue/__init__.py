"""Which kinds of node exist; each is declared once, in one file under ``kinds``, and everything else enumerates them."""
