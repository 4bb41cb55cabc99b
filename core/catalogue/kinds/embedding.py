"""Embedding: a table with one trained row for each word."""

from typing import Annotated, Any

import msgspec

from core.catalogue.initial import Initializer, InitialValue, initializer_of
from core.catalogue.kind import Builder, Category, NodeKind, Shapes, Value, Values
from core.catalogue.numbers import check_numbers
from core.catalogue.trained import TrainedHyperparameters
from core.ops.embedding import Embedding
from core.ops.op import ParameterBlock, Shape


class EmbeddingKind(NodeKind):
    """A row of values for each whole number."""

    key = "embedding"
    title = "Embedding"
    category = Category.NEURONS
    synonyms = ("word vectors", "lookup table", "vocabulary", "token", "word2vec", "tokens to vectors")
    help = (
        "Looks up a row of trained values for every whole number, such as a letter or a word counted from 0. "
        "Training moves words that behave alike close together; a number outside the vocabulary gives zeros."
    )
    formula = r"y_t = E_{x_t}"
    glyph = "M9 3 H21 V21 H9 Z M9 9 H21 M9 15 H21 M13 3 V21 M17 3 V21 M2 12 H7 M5 10 L7 12 L5 14"
    order = 60

    class Hyperparameters(TrainedHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        vocabulary: Annotated[
            int,
            msgspec.Meta(
                ge=1, le=65_536, title="Vocabulary", description="How many numbers there are, from 0; each has its row."
            ),
        ] = 64
        size: Annotated[
            int, msgspec.Meta(ge=1, le=4096, title="Size", description="How many values the row of each number has.")
        ] = 8
        initializer: Initializer = "normal"
        initial_value: InitialValue = 0.1

    def headline(self, settings: Any) -> str:
        return f"{settings.vocabulary:,} x {settings.size}"

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        (shape,) = shapes["input"]
        check_numbers(self.title, shape)
        return {"output": self._op(settings).output_shape(shape)}

    def parameters(self, settings: Any, shapes: Shapes) -> tuple[ParameterBlock, ...]:
        return (self._op(settings).block(initializer_of(settings)),)

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        blocks = self.parameters(settings, {})
        return {"output": builder.apply(self._op(settings), *values["input"], blocks=blocks)}

    def _op(self, settings: Any) -> Embedding:
        return Embedding(settings.vocabulary, settings.size)
