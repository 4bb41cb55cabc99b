"""The fixtures that every test of training asks for."""

from tests.desktop.controllers import controller, make_controller

__all__ = ["controller", "make_controller"]
