"""How a field shows that what stands in it was refused: a border in the error colour, and the sentence as its tool tip."""

from PySide6.QtWidgets import QWidget


def mark_refused(field: QWidget, sentence: str) -> bool:
    """Mark or unmark a field; True if that is other than before."""
    if (field.property("refusal") or "") == sentence:
        return False
    if not field.property("refusal"):
        field.setProperty("ordinaryTip", field.toolTip())
    field.setProperty("refusal", sentence)
    field.setProperty("invalid", bool(sentence))
    field.setToolTip(sentence or str(field.property("ordinaryTip") or ""))
    field.setAccessibleDescription(sentence)
    field.style().unpolish(field)
    field.style().polish(field)
    return True
