"""The style sheet of all ordinary widgets, made from the theme's tokens: flat, calm, thin lines, one accent.

A rule names a type of widget, or a property that a panel sets: ``textRole`` on labels ("title", "heading", "caption",
"muted", "figure", "ok", "warning", "error"), ``buttonRole`` on buttons ("primary", "flat"), ``plane`` on containers
("ground", "panel", "card"). Arrows and ticks are small drawings in ``resources/icons``.
"""

from importlib import resources
from string import Template

from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication

from desktop import theme as themes
from desktop.theme import FONT_FAMILIES, FONT_PIXELS, Theme


def apply_style(application: QApplication) -> None:
    """Dress the application in the theme that holds now, and again whenever it changes."""
    application.setStyle("Fusion")
    application.setFont(application_font())
    hub = themes.hub()
    _dress(application)
    if not application.property("followsTheme"):
        application.setProperty("followsTheme", True)
        hub.changed.connect(lambda: _dress(application))


def application_font() -> QFont:
    """The one type family, with figures of one width, so that numbers do not jump while they count."""
    font = QFont()
    font.setFamilies(list(FONT_FAMILIES))
    font.setPixelSize(round(FONT_PIXELS["normal"]))
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def mix(first: str, second: str, share: float) -> str:
    """The colour that has ``share`` (0 to 1) of the second colour in it."""
    a, b = QColor(first), QColor(second)
    channels = (
        round(x + (y - x) * share)
        for x, y in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return "#{:02x}{:02x}{:02x}".format(*channels)


def hairline(theme: Theme) -> str:
    """Gradient stops of a strip five pixels wide, to be grabbed by the mouse, with a line of one pixel in its middle."""
    stops = ((0.0, theme.panel), (0.4, theme.panel), (0.401, theme.line), (0.6, theme.line), (0.601, theme.panel))
    return ", ".join(f"stop: {at} {color}" for at, color in (*stops, (1.0, theme.panel)))


def style_sheet(theme: Theme) -> str:
    """The style sheet for a theme."""
    icons = (resources.files("resources") / "icons").joinpath("x").as_posix()[:-2]  # type: ignore[attr-defined]
    tokens = {
        "ground": theme.ground,
        "panel": theme.panel,
        "card": theme.card,
        "field": theme.raised,
        "hover": mix(theme.raised, theme.text, 0.06),
        "pressed": mix(theme.raised, theme.text, 0.12),
        "line": theme.line,
        "line_strong": mix(theme.line, theme.muted, 0.45),
        "text": theme.text,
        "muted": theme.muted,
        "faint": mix(theme.muted, theme.panel, 0.45),
        "accent": theme.accent,
        "accent_hover": mix(theme.accent, theme.text if theme.is_dark else theme.ground, 0.14),
        "accent_pressed": mix(theme.accent, theme.ground if theme.is_dark else theme.text, 0.16),
        "accent_soft": mix(theme.panel, theme.accent, 0.18),
        "on_accent": theme.on_accent,
        "ok": theme.ok,
        "warning": theme.warning,
        "error": theme.error,
        "hairline": hairline(theme),
        "icons": icons,
        "check": f"{icons}/check-on-{'dark' if theme.is_dark else 'light'}.svg",
        "tiny": f"{FONT_PIXELS['tiny']:g}px",
        "small": f"{FONT_PIXELS['small']:g}px",
        "normal": f"{FONT_PIXELS['normal']:g}px",
        "large": f"{FONT_PIXELS['large']:g}px",
        "figure": f"{FONT_PIXELS['figure']:g}px",
    }
    return Template("".join(RULES)).substitute(tokens)


def _dress(application: QApplication) -> None:
    theme = themes.current()
    application.setPalette(themes.qt_palette(theme))
    application.setStyleSheet(style_sheet(theme))


_PLANES = """
QMainWindow, QDialog, QMessageBox { background: $panel; }
QWidget[plane="ground"] { background: $ground; }
QWidget[plane="panel"] { background: $panel; }
QWidget[plane="card"] { background: $card; border: 1px solid $line; border-radius: 8px; }
QWidget#gallerySide { border-right: 1px solid $line; }
QWidget#restoreBar { background: $accent_soft; border: 1px solid $accent; border-radius: 8px; }
QMainWindow::separator { background: $panel; width: 5px; height: 5px; }
QMainWindow::separator:vertical { background: qlineargradient(x1: 0, y1: 0, x2: 1, y2: 0, $hairline); }
QMainWindow::separator:horizontal { background: qlineargradient(x1: 0, y1: 0, x2: 0, y2: 1, $hairline); }
QMainWindow::separator:hover { background: $accent_soft; }
QSplitter::handle { background: $line; }
QDockWidget { color: $text; border: none; }
QDockWidget > QWidget { background: $panel; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QToolBar { background: $panel; border: none; border-bottom: 1px solid $line; spacing: 4px; padding: 0; }
QStatusBar { background: $panel; border-top: 1px solid $line; color: $muted; font-size: $small; min-height: 24px; }
QStatusBar::item { border: none; }
QFrame[frameShape="4"], QFrame[frameShape="5"] { color: $line; border: none; background: $line; }
QFrame[frameShape="4"] { max-height: 1px; }
QFrame[frameShape="5"] { max-width: 1px; }
"""

_TEXT = """
QLabel { background: transparent; color: $text; }
QLabel:disabled { color: $faint; }
QLabel[textRole="title"] { font-size: $large; font-weight: 600; }
QLabel[textRole="headline"] { font-size: $figure; font-weight: 700; }
QLabel[textRole="display"] { font-size: 25px; font-weight: 700; }
QLabel[textRole="heading"] { color: $muted; font-size: $tiny; font-weight: 600; letter-spacing: 0.7px; }
QLabel[textRole="dockTitle"] { font-size: $small; font-weight: 600; }
QLabel[textRole="caption"] { color: $muted; font-size: $tiny; }
QLabel[textRole="muted"] { color: $muted; font-size: $small; }
QLabel[textRole="figure"] { font-size: $figure; font-weight: 700; }
QLabel[textRole="key"] { color: $muted; font-size: $tiny; background: $card; border: 1px solid $line; border-radius: 4px; padding: 0 5px; }
QLabel[textRole="ok"] { color: $ok; }
QLabel[textRole="warning"] { color: $warning; }
QLabel[textRole="error"] { color: $error; }
QMessageBox QLabel#qt_msgbox_label { font-size: $large; font-weight: 600; min-width: 300px; padding-top: 4px; }
QMessageBox QLabel#qt_msgbox_informativelabel { color: $muted; padding-bottom: 6px; }
QToolTip { background: $card; color: $text; border: 1px solid $line_strong; padding: 5px 7px; font-size: $small; }
"""

_BUTTONS = """
QPushButton { background: $field; color: $text; border: 1px solid $line; border-radius: 6px; padding: 5px 14px; min-height: 18px; }
QPushButton:hover { background: $hover; border-color: $line_strong; }
QPushButton:pressed { background: $pressed; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $faint; background: $panel; }
QPushButton:default, QPushButton[buttonRole="primary"] { background: $accent; border-color: $accent; color: $on_accent; font-weight: 600; }
QPushButton:default:hover, QPushButton[buttonRole="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton:default:pressed, QPushButton[buttonRole="primary"]:pressed { background: $accent_pressed; }
QPushButton[buttonRole="primary"]:disabled { background: $field; border-color: $line; color: $faint; }
QPushButton[buttonRole="flat"] { background: transparent; border-color: transparent; color: $accent; padding: 4px 8px; }
QPushButton[buttonRole="flat"]:hover { background: $accent_soft; }
QPushButton[buttonRole="flat"]:focus { border-color: $accent; }
QPushButton[buttonRole="link"] { background: transparent; border-color: transparent; color: $text; padding: 5px 8px; text-align: left; }
QPushButton[buttonRole="link"]:hover { background: $hover; }
QPushButton[buttonRole="link"]:focus { border-color: $accent; }
QPushButton[buttonRole="status"] { background: transparent; border: none; border-radius: 4px; color: $muted; font-size: $small; padding: 1px 10px; }
QPushButton[buttonRole="status"]:hover { background: $hover; color: $text; }
QPushButton[buttonRole="status"]:focus { color: $text; }
QPushButton[buttonRole="status"][level="error"] { color: $error; }
QPushButton[buttonRole="status"][level="warning"] { color: $warning; }
QPushButton::menu-indicator { image: url($icons/chevron-down.svg); width: 12px; right: 6px; subcontrol-position: right center; }
QToolButton { background: transparent; color: $text; border: 1px solid transparent; border-radius: 6px; padding: 3px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $pressed; border-color: $line; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $faint; }
QToolButton::menu-indicator { image: none; }
QCheckBox, QRadioButton { background: transparent; spacing: 8px; padding: 2px 0; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $line_strong; background: $field; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover, QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($check); }
QRadioButton::indicator:checked { background: $panel; border: 5px solid $accent; width: 6px; height: 6px; }
"""

_FIELDS = """
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox, QDateTimeEdit {
  background: $field; color: $text; border: 1px solid $line; border-radius: 6px; padding: 3px 8px; min-height: 18px;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $line_strong; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border-color: $accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $faint; background: $panel; }
QLineEdit { lineedit-clear-button-icon: url($icons/close.svg); }
QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"] { border-color: $error; }
QLineEdit[fieldRole="title"] { background: transparent; border-color: transparent; padding: 1px 0; font-size: $large; font-weight: 600; placeholder-text-color: $text; }
QLineEdit[fieldRole="title"]:hover { border-color: $line; }
QLineEdit[fieldRole="title"]:focus { background: $field; border-color: $accent; padding: 1px 6px; }
QAbstractSpinBox { padding-right: 20px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; width: 18px; border: none; background: transparent; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 2px 2px 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $pressed; border-radius: 3px; }
QAbstractSpinBox::up-arrow { image: url($icons/chevron-up.svg); width: 11px; height: 11px; }
QAbstractSpinBox::down-arrow { image: url($icons/chevron-down.svg); width: 11px; height: 11px; }
QAbstractSpinBox::up-arrow:off, QAbstractSpinBox::down-arrow:off { image: none; }
QComboBox { padding-right: 2px; combobox-popup: 0; }
QComboBox::drop-down { subcontrol-origin: border; subcontrol-position: center right; width: 22px; border: none; background: transparent; }
QComboBox::down-arrow { image: url($icons/chevron-down.svg); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $card; color: $text; border: 1px solid $line_strong; border-radius: 6px; padding: 4px; outline: none;
  selection-background-color: $accent_soft; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: 24px; padding: 0 6px; border-radius: 4px; }
QComboBox QAbstractItemView::item:hover, QComboBox QAbstractItemView::item:selected { background: $accent_soft; color: $text; }
QSlider { background: transparent; min-height: 18px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $field; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: $accent; }
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { background: $accent_hover; }
QSlider::sub-page:horizontal:disabled, QSlider::handle:horizontal:disabled { background: $line_strong; }
QProgressBar { background: $field; border: none; border-radius: 3px; max-height: 6px; text-align: center; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
"""

_LISTS = """
QAbstractItemView { background: $panel; alternate-background-color: $card; color: $text; border: none; outline: none;
  selection-background-color: $accent_soft; selection-color: $text; gridline-color: $line; }
QListView::item, QTreeView::item { padding: 4px 8px; border-radius: 5px; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected { background: $accent_soft; color: $text; }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: url($icons/chevron-right.svg); }
QTreeView::branch:has-children:open { image: url($icons/chevron-down.svg); }
QHeaderView { background: $panel; border: none; }
QHeaderView::section { background: $panel; color: $muted; border: none; border-bottom: 1px solid $line; padding: 4px 8px;
  font-size: $tiny; font-weight: 600; }
QTableCornerButton::section { background: $panel; border: none; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $line; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 28px; margin: 2px; }
QScrollBar::handle:horizontal { min-width: 28px; margin: 2px; }
QScrollBar::handle:hover { background: $line_strong; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
"""

_MENUS = """
QMenuBar { background: $panel; color: $text; border: none; padding: 2px 6px; font-size: $small; }
QMenuBar::item { background: transparent; padding: 4px 9px; border-radius: 5px; }
QMenuBar::item:selected { background: $hover; }
QMenuBar::item:pressed { background: $pressed; }
QMenu { background: $card; color: $text; border: 1px solid $line_strong; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 28px; border-radius: 5px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::icon { left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QMenu::right-arrow { image: url($icons/chevron-right.svg); width: 14px; height: 14px; right: 6px; }
QMenu::indicator { width: 14px; height: 14px; left: 8px; }
QMenu::indicator:checked { image: url($icons/check-menu.svg); }
QTabBar { background: transparent; border: none; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; border: none; border-bottom: 2px solid transparent; padding: 7px 4px 6px 4px; margin: 0 8px;
  font-weight: 600; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::close-button { image: url($icons/close.svg); }
QTabBar::scroller { width: 20px; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QGroupBox { border: 1px solid $line; border-radius: 8px; margin-top: 12px; padding: 10px; }
QGroupBox::title { subcontrol-origin: margin; left: 10px; padding: 0 4px; color: $muted; }
QFileDialog QToolButton#backButton { qproperty-icon: url($icons/arrow-left.svg); }
QFileDialog QToolButton#forwardButton { qproperty-icon: url($icons/arrow-right.svg); }
QFileDialog QToolButton#toParentButton { qproperty-icon: url($icons/arrow-up.svg); }
QFileDialog QToolButton#newFolderButton { qproperty-icon: url($icons/folder-new.svg); }
QFileDialog QToolButton#listModeButton { qproperty-icon: url($icons/view-list.svg); }
QFileDialog QToolButton#detailModeButton { qproperty-icon: url($icons/view-details.svg); }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
"""

RULES = (_PLANES, _TEXT, _BUTTONS, _FIELDS, _LISTS, _MENUS)
