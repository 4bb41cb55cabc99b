"""The canvas: a diagram drawn and edited on a QGraphicsView, one painted item per node and one for all wires."""
