"""The GRU: a state that is renewed in part, as much as a gate says."""

from typing import Annotated, Any

import msgspec

from core.catalogue.recurrent import RecurrentHyperparameters, RecurrentKind
from core.ops.recurrent.gru import Gru
from core.ops.recurrent.recurrence import Recurrent


class GruKind(RecurrentKind):
    """Two gates and one state."""

    key = "gru"
    title = "GRU"
    synonyms = (
        "gated recurrent unit",
        "recurrent",
        "memory",
        "reset gate",
        "update gate",
        "long lags",
        "sequence model",
    )
    help = (
        "Reads a sequence step by step; its update gate says how much of the state stays, its reset gate how much of it the new candidate sees. "
        "It remembers about as well as an LSTM, with three quarters of the weights."
    )
    formula = (
        r"h_t = z_t \odot h_{t-1} + (1 - z_t) \odot n_t, \quad n_t = \tanh(W x_t + b + r_t \odot (U h_{t-1})), \quad "
        r"z_t, r_t = \sigma(W x_t + U h_{t-1} + b)"
    )
    glyph = "M4 7 H20 V17 H4 Z M1 12 H4 M20 12 H23 M7 12 a2 2 0 1 0 4 0 a2 2 0 1 0 -4 0 M13 12 a2 2 0 1 0 4 0 a2 2 0 1 0 -4 0 M12 17 V21 H9 M12 7 V3 H15"
    order = 30

    class Hyperparameters(RecurrentHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        reset_after: Annotated[
            bool,
            msgspec.Meta(
                title="Reset after the product",
                description="Whether the reset gate acts on the product with the state, as in PyTorch, or on the state, as in the paper of 2014.",
            ),
        ] = True

    def op(self, settings: Any, **frame: Any) -> Recurrent:
        return Gru(settings.units, reset_after=settings.reset_after, **frame)
