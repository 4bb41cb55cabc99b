"""What palette, canvas and inspector share of a kind: its picture, how it is found by name, how it is carried by a drag."""
