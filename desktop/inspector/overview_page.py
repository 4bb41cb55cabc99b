"""Nothing selected: the network in numbers, the data it learns from, and how it is trained; all of it can be set here."""

from core.compiler.compile import Compilation
from desktop.document_bridge import DocumentBridge
from desktop.forms.numbers import count_text
from desktop.inspector.course_section import CourseSection, FineSection
from desktop.inspector.data_section import DataSection
from desktop.inspector.heading import Heading, caption
from desktop.inspector.page import Page, rule, section
from desktop.inspector.schedule_section import ScheduleSection
from desktop.inspector.switched_section import EarlyStoppingSection, clipping_section, regularization_section
from desktop.inspector.target_section import TargetSection


class OverviewPage(Page):
    """The page of the diagram as a whole."""

    def __init__(self, bridge: DocumentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.heading = Heading()
        self.heading.set_title("Network")
        self.data = DataSection(bridge)
        self.course = CourseSection(bridge)
        self.schedule = ScheduleSection(bridge)
        self.target = TargetSection(bridge)
        self.early_stopping = EarlyStoppingSection(bridge)
        self.regularization = regularization_section(bridge)
        self.clipping = clipping_section(bridge)
        self.fine = FineSection(bridge)
        training = (
            self.course,
            self.schedule,
            self.target,
            self.early_stopping,
            self.regularization,
            self.clipping,
            self.fine,
        )
        self._sections = (self.data, *training)
        for widget in (
            self.heading,
            rule(),
            section("Data"),
            self.data,
            rule(),
            section("Training"),
            *training,
        ):
            self.column.addWidget(widget)
        self.column.addStretch(1)

    def turn_to(self, ids: tuple[str, ...]) -> None:
        for part in self._sections:
            part.forget()

    def refresh(self) -> None:
        for part in self._sections:
            part.refresh()

    def show_compilation(self, compilation: Compilation) -> None:
        nodes = count_text(len(self._bridge.diagram.nodes), "node")
        parameters = count_text(compilation.parameter_count, "parameter")
        macs = count_text(compilation.macs, "multiply-add")
        self.heading.set_caption(caption(nodes, parameters, macs))
        self.data.show_size()
