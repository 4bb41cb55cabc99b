"""The LSTM: a memory that adds up, with gates around it that can be switched on one after the other, as they were invented."""

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from core.catalogue.activation import choice
from core.catalogue.attending import MASK
from core.catalogue.initial import initializer_of
from core.catalogue.kind import Port
from core.catalogue.recurrent import STATE, RecurrentHyperparameters, RecurrentKind, curve, curve_choices
from core.ops.initializers import constant, with_number
from core.ops.op import ParameterBlock
from core.ops.recurrent.lstm import Lstm

if TYPE_CHECKING:
    CandidateActivation = str
    OutputActivation = str
else:
    CandidateActivation = choice(
        curve_choices(), "Candidate activation", "The function that bends what may enter the memory (g in the formula)."
    )
    OutputActivation = choice(
        curve_choices(), "Output activation", "The function that bends the memory on its way out (the tanh around c)."
    )

MEMORY = Port("cell", "Initial memory", optional=True, help="What its cells hold before the first step; else zeros.")


class LstmKind(RecurrentKind):
    """A memory cell per unit, with an input, an output and a forget gate, and peepholes."""

    key = "lstm"
    title = "LSTM"
    synonyms = (
        "long short-term memory",
        "memory cell",
        "constant error carousel",
        "forget gate",
        "peepholes",
        "gates",
        "recurrent",
        "long lags",
    )
    help = (
        "Reads a sequence step by step into a memory that only adds up; gates learn what enters it, what leaves it and what is forgotten. "
        "Switch the gates off to see what each is for: with none of them it is the constant error carousel."
    )
    formula = (
        r"c_t = f_t \odot c_{t-1} + i_t \odot g_t, \quad h_t = o_t \odot \tanh(c_t), \quad "
        r"i_t, f_t, o_t = \sigma(W x_t + U h_{t-1} + b), \quad g_t = \tanh(W x_t + U h_{t-1} + b)"
    )
    glyph = (
        "M4 6 H20 V18 H4 Z M1 9.5 H23 M7 18 V22 M12 18 V22 M17 18 V22 M6 13.5 a1.5 1.5 0 1 0 3 0 a1.5 1.5 0 1 0 -3 0 "
        "M10.5 13.5 a1.5 1.5 0 1 0 3 0 a1.5 1.5 0 1 0 -3 0 M15 13.5 a1.5 1.5 0 1 0 3 0 a1.5 1.5 0 1 0 -3 0"
    )
    inputs = (Port("input", "Input"), STATE, MEMORY, MASK)
    starts = (STATE.name, MEMORY.name)
    order = 40

    class Hyperparameters(RecurrentHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        input_gate: Annotated[
            bool,
            msgspec.Meta(
                title="Input gate", description="Whether a gate says how much enters the memory; without it all does."
            ),
        ] = True
        output_gate: Annotated[
            bool,
            msgspec.Meta(
                title="Output gate",
                description="Whether a gate says how much of the memory is put out; without it all is.",
            ),
        ] = True
        forget_gate: Annotated[
            bool,
            msgspec.Meta(
                title="Forget gate",
                description="Whether a gate says how much of the memory stays; without it all does, as in 1997.",
            ),
        ] = True
        peepholes: Annotated[
            bool, msgspec.Meta(title="Peepholes", description="Whether the gates see the memory of their own cell.")
        ] = False
        forget_bias: Annotated[
            float,
            msgspec.Meta(
                ge=-100,
                le=100,
                title="Forget-gate bias",
                description="Where the bias of the forget gate starts; from 1 on a fresh cell remembers.",
            ),
        ] = 1.0
        candidate_activation: CandidateActivation = "tanh"
        output_activation: OutputActivation = "tanh"

    def op(self, settings: Any, **frame: Any) -> Lstm:
        return Lstm(
            settings.units,
            input_gate=settings.input_gate,
            output_gate=settings.output_gate,
            forget_gate=settings.forget_gate,
            peepholes=settings.peepholes,
            candidate_curve=curve(settings.candidate_activation),
            output_curve=curve(settings.output_activation),
            **frame,
        )

    def blocks(self, settings: Any, features: int, prefix: str) -> tuple[ParameterBlock, ...]:
        forget_bias = with_number(constant.__name__, settings.forget_bias)
        return self.op(settings).blocks(
            features, initializer_of(settings), settings.recurrent_initializer, prefix, forget_bias
        )
