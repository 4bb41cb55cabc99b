"""Files: written atomically, read with limits, checked whole before they replace anything."""
