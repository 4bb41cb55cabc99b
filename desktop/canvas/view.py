"""CanvasView: a person's hands on the scene. Every event is handed to a gesture, the camera or a command.

It follows the bridge (Changes, compilations) and the selection, and has the one clock that everything which moves shares.
"""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView

from core.diagram.change import Change
from core.errors import NeuroloomError
from desktop import theme
from desktop.actions import ActionTable
from desktop.canvas import background, context_menu, drops, keyboard, port_tips, touch, writing
from desktop.canvas.adding import Adding
from desktop.canvas.camera import Camera
from desktop.canvas.cards import Choice, ReasonCard, Toast
from desktop.canvas.clock import Clock
from desktop.canvas.commands import CanvasCommands
from desktop.canvas.gestures.add_search import AddSearch
from desktop.canvas.gestures.gesture import Gesture
from desktop.canvas.gestures.key_wire import KeyWireGesture
from desktop.canvas.gestures.note_edit import NoteEditor
from desktop.canvas.gestures.pan import PanGesture
from desktop.canvas.gestures.press import gesture_for_press
from desktop.canvas.hits import hit_at
from desktop.canvas.minimap import Minimap
from desktop.canvas.motion import Motion
from desktop.canvas.overlay import OverlayItem
from desktop.canvas.scene import CanvasScene
from desktop.canvas.trial import Trial
from desktop.forms.numbers import count_text
from desktop.selection import Selection

if TYPE_CHECKING:
    from core.compiler.compile import Compilation
    from core.inspection.snapshot import Snapshot
    from desktop.document_bridge import DocumentBridge


class CanvasView(QGraphicsView):
    """The canvas. ``canvas`` is its scene, ``camera`` where it looks."""

    status_message = Signal(str)
    """What the present gesture can do, or what just happened, in a sentence."""
    settings_wanted = Signal()  # Enter: what is selected is to be edited in the inspector.

    def __init__(self, bridge: "DocumentBridge", selection: Selection, actions: ActionTable) -> None:
        super().__init__()
        self.bridge, self.selection, self._actions = bridge, selection, actions
        self.canvas = CanvasScene(selection, self)
        self.overlay = OverlayItem()
        self.canvas.addItem(self.overlay)
        self.clock = Clock(self)
        self.camera = Camera(self)
        self.motion = Motion(self)
        self.adding = Adding(self)
        self.reason = ReasonCard(self.viewport())
        self.toast = Toast(self.viewport(), self.clock, bridge.undo)
        self.search = AddSearch(self)
        self.minimap = Minimap(self)
        self.note_editor = NoteEditor(self)
        self.last_mouse = QPoint()
        self.snaps_to_grid = False
        self._gesture: Gesture | None = None
        self._space = self._space_used = False
        self._set_up()
        self.setScene(self.canvas)
        self.commands = CanvasCommands(self, actions)
        bridge.changed.connect(self._follow)
        bridge.replaced.connect(self._load)
        bridge.compiled.connect(self._show_compilation)
        self._load()

    @property
    def zoom(self) -> float:
        """Pixels of the screen per unit of the canvas."""
        return self.camera.zoom

    def node_rect(self, node: str) -> QRect:
        """The body of a node in view coordinates. Raises KeyError for a node that is not there."""
        return self.mapFromScene(self.canvas.nodes[node].body).boundingRect()

    def port_point(self, node: str, port: str) -> QPoint:
        """The middle of a port in view coordinates. Raises KeyError for a node that is not there."""
        return self.mapFromScene(self.canvas.nodes[node].port(port))

    def action(self, action_id: str) -> QAction:
        """One of the window's commands."""
        return self._actions.action(action_id)

    def name(self, node: str) -> str:
        """What a person calls a node."""
        item = self.canvas.nodes.get(node)
        return item.look.title if item is not None else node

    def apply(self, change: Change, label: str, merge_key: str | None = None) -> bool:
        """Change the document; a change that does not fit is told in the status bar."""
        try:
            self.bridge.apply(change, label, merge_key)
        except NeuroloomError as error:
            self.status_message.emit(str(error))
            return False
        return True

    def set_snapshot(self, snapshot: "Snapshot | None") -> None:
        """Show the network's state; the newest snapshot wins."""
        self.motion.show_snapshot(snapshot)

    def set_preview_pulses(self, running: bool, steps_per_second: float = 0.0) -> None:
        """Let pulses run along the wires, or stop them."""
        self.motion.set_pulses(running, steps_per_second)

    def set_all_numbers(self, shown: bool) -> None:
        """Whether every neuron and every wire shows its number."""
        self.canvas.live.set_all_numbers(shown)

    def set_snaps_to_grid(self, snaps: bool) -> None:
        """Whether nodes are moved in steps of the grid."""
        self.snaps_to_grid = snaps

    def add_kind_at(self, kind: str, point: QPointF) -> str:
        """Add a node of a kind at a point of the scene, and select it; returns its id."""
        return self.adding.at(kind, point)

    def fit(self) -> None:
        """Show the whole diagram."""
        self.camera.fit_all()

    def tidy(self) -> None:
        """Lay the diagram out anew."""
        self.commands.tidy()

    def center_on_node(self, node: str) -> None:
        """Bring a node to the middle and select it."""
        if node in self.canvas.nodes:
            self.camera.centre(self.canvas.nodes[node].pos())
            self.selection.set(nodes=(node,))

    def keep_in_sight(self, node: str) -> None:
        """Move the view as far as needed to show a node."""
        room = self.viewport().rect().adjusted(24, 24, -24, -24)
        if not room.contains(self.node_rect(node)):
            self.camera.centre(self.canvas.nodes[node].pos())

    def pan_by(self, shift: QPointF) -> None:
        """Move what is seen by a distance of the scene."""
        self.camera.pan_by(shift)

    def refuse(self, trial: Trial, point: QPointF) -> None:
        """Say why a wire may not go there, and offer what would mend it."""
        choices: list[Choice] = []
        if trial.change is not None:
            choices = [
                (fix.title, partial(self.apply, trial.change.then(fix.change), fix.title)) for fix in trial.fixes
            ]
        self.reason.show_reason(trial.reason, self.mapFromScene(point), choices)
        self.status_message.emit(trial.reason)

    def open_search_here(self) -> None:
        """Ask for a kind to add at the mouse, or in the middle."""
        self.adding.search(keyboard.search_point(self))

    def edit_note(self, key: str) -> None:
        """Write in a note, or in the title of a frame."""
        writing.write(self, key)

    def scene_point(self, place: QPointF) -> QPointF:
        """A point of the viewport in the scene, without rounding to whole pixels."""
        inverse, _ = self.viewportTransform().inverted()
        return inverse.map(place)

    def mouse_in_scene(self) -> QPointF | None:
        """Where the mouse is in the scene, if it is over the canvas."""
        inside = self.viewport().rect().contains(self.last_mouse) and self.viewport().underMouse()
        return self.mapToScene(self.last_mouse) if inside else None

    def middle_in_scene(self) -> QPointF:
        """The middle of what is seen."""
        return self.mapToScene(self.viewport().rect().center())

    @property
    def gesture(self) -> Gesture | None:
        """The gesture under way."""
        return self._gesture

    def begin(self, gesture: Gesture | None) -> None:
        """Let a gesture begin; what the last one said is taken away."""
        self.reason.dismiss()
        self._gesture = gesture
        if gesture is not None:
            self.viewport().setCursor(gesture.cursor)
            self.status_message.emit(gesture.hint)

    def finish_gesture(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Carry out the gesture under way."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.finish(point, modifiers)
            self.status_message.emit("")
        self._show_cursor()

    def cancel_gesture(self) -> None:
        """End the gesture under way and leave nothing of it."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()
            self.status_message.emit("")
        self._show_cursor()

    def _set_up(self) -> None:
        self.setObjectName("canvasView")
        self.setAccessibleName("Canvas")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)
        self.setMinimumSize(240, 160)

    def _load(self) -> None:
        self.cancel_gesture()
        self.motion.stop()
        self.canvas.sharpness.resting = True
        self.selection.clear()
        self.canvas.load(self.bridge.diagram)
        self._show_compilation(self.bridge.compilation)
        self.fit()
        self._describe()

    def _follow(self, change: Change) -> None:
        self.toast.dismiss()  # its Undo would take back this change now, not the one that it speaks of
        self.cancel_gesture()  # it began on a diagram that is no more; a gesture's own change comes after its end
        diagram = self.bridge.diagram
        nodes = self.selection.nodes & diagram.nodes.keys()
        notes = self.selection.notes & (diagram.notes.keys() | diagram.frames.keys())
        self.canvas.follow(change, diagram)
        self.camera.take_in(change)
        self.selection.set(nodes, self.selection.wires & diagram.wires.keys(), notes)
        self.viewport().update()
        self.minimap.follow()
        self._describe()

    def _show_compilation(self, compilation: "Compilation") -> None:
        self.canvas.show_compilation(compilation, self.bridge.dataset)
        parameters = self.bridge.parameters
        if parameters is not None and self.canvas.live.is_empty:
            self.canvas.live.show_weights(parameters)
        self.action("view.numbers").setChecked(self.canvas.live.all_numbers)

    def _describe(self) -> None:
        diagram = self.bridge.diagram
        nodes, wires = count_text(len(diagram.nodes), "node"), count_text(len(diagram.wires), "wire")
        self.setAccessibleDescription(f"{nodes}, {wires}")

    def _show_cursor(self) -> None:
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if self._space else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.last_mouse = event.position().toPoint()
        if self._gesture is not None:
            if event.button() == Qt.MouseButton.RightButton:
                self.cancel_gesture()
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.search.dismiss()
        point = self.scene_point(event.position())
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space):
            self._space_used = True
            self.begin(PanGesture(self, point))
        elif left:
            self.begin(gesture_for_press(self, point, event.modifiers()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.last_mouse = event.position().toPoint()
        point = self.scene_point(event.position())
        if self._gesture is not None:
            self._gesture.move(point, event.modifiers())
            return
        hit = hit_at(self.canvas, point, self.zoom)
        node = hit.node if hit.port is None else hit.port[0]
        self.canvas.hover(node, hit.wire)
        if not self._space:
            port = Qt.CursorShape.CrossCursor
            self.viewport().setCursor(port if hit.port is not None else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not isinstance(self._gesture, KeyWireGesture):
            self.finish_gesture(self.scene_point(event.position()), event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point = self.scene_point(event.position())
        hit = hit_at(self.canvas, point, self.zoom)
        if hit.note is not None:
            self.edit_note(hit.note)
        elif hit.node is None and hit.port is None and hit.wire is None:
            self.adding.search(point)

    def wheelEvent(self, event: QWheelEvent) -> None:
        touch.wheel(self, event)
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if touch.pinch(self, event) or port_tips.show(self, event):
            return True
        if event.type() == QEvent.Type.Leave:
            self.canvas.hover(None, None)
        return super().viewportEvent(event)

    def event(self, event: QEvent) -> bool:
        # Tab is the add search here; Qt would move the focus with it before keyPressEvent sees it.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab:
            self.open_search_here()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self._escape()
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space, self._space_used = True, False
                self._show_cursor()
        elif not keyboard.press(self, event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self._space and not event.isAutoRepeat():
            self._space = False
            if self._gesture is None:
                self._show_cursor()
                if not self._space_used:
                    self.open_search_here()
        super().keyReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._gesture is None:
            self.last_mouse = event.pos()
            context_menu.open_menu(self, event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        drops.enter(self, event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        drops.move(self, event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.cancel_gesture()

    def dropEvent(self, event: QDropEvent) -> None:
        drops.drop(self, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.camera.refit()
        self.toast.place()
        self.minimap.follow()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        background.paint_ground(painter, QRectF(rect), theme.current())

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if not self.canvas.nodes and not self.canvas.notes:
            background.paint_hint(painter, QRectF(self.viewport().rect()), QColor(theme.current().muted))

    def _escape(self) -> None:
        """The innermost thing ends first: gesture, reason, selection."""
        if self._gesture is not None:
            self.cancel_gesture()
        elif self.reason.isVisible():
            self.reason.dismiss()
        else:
            self.selection.clear()
