"""The few fields that forms are made of: a number, a choice, a switch, a text; each refuses what is out of range in words."""
