"""What follows the audience itself, one section a tab. Only the open one computes anything."""

from insight.language import _
from ui.audience.export import export_section, export_settings
from ui.audience.pressure import pressure_section
from ui.audience.response import response_section, response_settings
from ui.sections import Section

SECTIONS = {
    "export": Section(_("Export"), export_section),
    "response": Section(_("Response by segment and channel"), response_section),
    "pressure": Section(_("How often is too often"), pressure_section),
}


def section_settings() -> dict[str, tuple]:
    """The settings of all sections, name=(default, allowed)."""
    return {"show": (next(iter(SECTIONS)), list(SECTIONS)), **export_settings(), **response_settings()}
