"""The Input node: where the data comes in."""

from typing import Annotated, Any

import msgspec

from core.catalogue.kind import Category, Form, SourceKind


class Input(SourceKind):
    """Passes samples of the dataset on, all of their columns or some."""

    key = "input"
    title = "Input"
    category = Category.DATA
    form = Form.SQUARE
    synonyms = ("data", "features", "x", "source", "samples", "columns", "placeholder", "input layer")
    help = (
        "Brings the samples of the dataset into the network, one row or picture at a time. "
        "It passes on every column, or only the columns that you name."
    )
    formula = r"y = x"
    glyph = "M4 5 H14 V19 H4 Z M4 9.67 H14 M4 14.33 H14 M14 12 H21 M18 9 L21 12 L18 15"
    order = 10
    columns_field = "columns"

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        columns: Annotated[
            str,
            msgspec.Meta(
                max_length=4096,
                title="Columns",
                description="Names or numbers (from 1) of the columns to pass on, with commas between; empty for all of them.",
            ),
        ] = ""

    def headline(self, settings: Any) -> str:
        return ", ".join(self.columns(settings))

    def columns(self, settings: Any) -> tuple[str, ...]:
        return tuple(name.strip() for name in settings.columns.split(",") if name.strip())
