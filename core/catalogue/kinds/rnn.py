"""The simple recurrent network: a layer that reads its own last output beside the next input."""

from typing import TYPE_CHECKING, Any

from core.catalogue.activation import choice
from core.catalogue.recurrent import RecurrentHyperparameters, RecurrentKind, curve, curve_choices
from core.ops.recurrent.recurrence import Recurrent
from core.ops.recurrent.rnn import Rnn

if TYPE_CHECKING:
    Activation = str
else:
    Activation = choice(curve_choices(), "Activation", "The function that every unit's weighted sum goes through.")


class RnnKind(RecurrentKind):
    """A state that each step makes anew."""

    key = "rnn"
    title = "RNN"
    synonyms = (
        "recurrent neural network",
        "Elman network",
        "simple RNN",
        "vanilla RNN",
        "sequence model",
        "time series",
        "context units",
        "memory",
        "loop",
    )
    help = (
        "Reads a sequence step by step, each time weighing the new values together with its own last state. "
        "It remembers a few steps; over longer lags the gradient fades, which is what LSTM and GRU were made against."
    )
    formula = r"h_t = f(W x_t + U h_{t-1} + b)"
    glyph = "M7 11 H17 V19 H7 Z M2 15 H7 M17 15 H22 M19.5 15 V6 H4.5 V12.5 M2.5 10.5 L4.5 12.5 L6.5 10.5"
    order = 20

    class Hyperparameters(RecurrentHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        activation: Activation = "tanh"

    def op(self, settings: Any, **frame: Any) -> Recurrent:
        return Rnn(settings.units, activation=curve(settings.activation), **frame)
