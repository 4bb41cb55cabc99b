"""Reading a model without changing it: probes, response maps, decision maps, and formulas with numbers."""
