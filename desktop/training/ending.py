"""How a run ended, as one sentence with the numbers that matter."""

from core.training.events import RunEnded
from desktop.forms.numbers import count_text, loss_text, metric_text, metric_title

_OPENINGS = {
    "target": "The target is reached after {epochs}",
    "early": "Stopped early after {epochs}, as the validation loss fell no further",
    "epochs": "Trained for {epochs}",
    "steps": "Trained for {steps}",
    "interrupted": "Stopped after {epochs}",
}


def ending_sentence(event: RunEnded) -> str:
    """The sentence; "" for a run that diverged, which has a diagnosis of its own."""
    opening = _OPENINGS.get(event.stopped)
    if opening is None:
        return ""
    said = opening.format(epochs=count_text(event.epochs, "epoch"), steps=count_text(event.steps, "step"))
    title = metric_title(event.metric)
    name = title if event.metric == "r2" else title.lower()
    metric = f"{name} {metric_text(event.metric, event.metric_value)}"
    return f"{said} ({event.seconds:.1f} s): loss {loss_text(event.loss_last)}, {metric}."
