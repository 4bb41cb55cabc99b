"""One small file per kind of node, or per close family of kinds; the registry finds them all."""
