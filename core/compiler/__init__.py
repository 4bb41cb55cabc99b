"""From a diagram to a plan, in small passes; a diagram that is not ready yet gets Diagnostics, never an exception."""
