"""What hands and keys do on the canvas beside the commands, in the words of the list of keys."""

MOUSE = (
    ("Add a node", "Drag it from the left, or double-click it there"),
    ("Insert a node into a wire", "Drop it on the wire"),
    ("Search a node and add it", "Double-click or right-click empty canvas"),
    ("Connect two nodes", "Drag from one port to another"),
    ("Add a node and connect it", "Drag from a port to empty canvas"),
    ("Put a wire elsewhere, or away", "Drag its end to another port, or to empty canvas"),
    ("Select what a rectangle touches", "Drag over empty canvas"),
    ("Add to the selection or take away", "Shift or Ctrl with a click"),
    ("Move in steps of the grid", "Hold Ctrl while dragging"),
    ("Write in a note", "Double-click it"),
    ("Move the view", "Drag with the middle button or with Space, two fingers"),
    ("Zoom at the mouse", "Wheel or pinch"),
)
"""What is done, and how the mouse does it."""

KEYBOARD = (
    ("Search a node and add it", "Tab or Space"),
    ("Select the next node", "Arrow keys"),
    ("Move the selection", "Ctrl with the arrow keys, Shift for small steps"),
    ("Begin a wire at the selected node", "W; arrow keys choose a port, Enter connects"),
    ("Edit what is selected", "Enter"),
    ("Leave a field, a gesture, the selection", "Esc"),
)
"""What is done, and by which keys; those of the commands are theirs to tell."""
