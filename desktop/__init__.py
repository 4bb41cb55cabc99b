"""The window: PySide6 and pyqtgraph over ``core``; no mathematics and no file formats live here."""
