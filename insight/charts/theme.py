"""What all charts share: the colours of a light and a dark page, the type, and the picture to download."""

import unicodedata
from dataclasses import dataclass

import altair as alt

from insight.errors import UnknownValue

FONT = "Source Sans, Source Sans Pro, sans-serif"


@dataclass(frozen=True)
class Palette:
    """Colours of one theme. Text is `ink`, `muted` or `warning`: each has a contrast of 4.5 or more on `background`.

    ink, muted : text that is read first, text that is read second
    warning : what needs attention; always said in words too
    primary, soft : the data, and how far it is uncertain
    second : another part of the data, beside `primary`
    track, line : the empty part of a bar; grid and reference lines
    """

    background: str
    ink: str
    muted: str
    warning: str
    primary: str
    soft: str
    second: str
    track: str
    line: str


LIGHT = Palette("#FFFFFF", "#1B2334", "#5B6780", "#B4233A", "#2F5BEA", "#A9BBF8", "#0B7F78", "#EAEEF7", "#C9D2E3")
DARK = Palette("#10141F", "#E8ECF6", "#A3AEC6", "#F58A97", "#6F92FF", "#435A9F", "#35B8A6", "#222A3C", "#3D4860")
PALETTES = {"light": LIGHT, "dark": DARK}


def palette(theme: str) -> Palette:
    """The colours of "light" or "dark".

    >>> palette("dark").background
    '#10141F'
    """
    if theme not in PALETTES:
        raise UnknownValue("theme", theme, PALETTES)
    return PALETTES[theme]


def shortened(text: object, most: int) -> str:
    """One line of at most `most` columns (a Chinese character or an emoji takes two), cut with an ellipsis.

    >>> shortened("order  confirmed", 20), shortened("order confirmed", 9), shortened("確認済みの注文", 7)
    ('order confirmed', 'order co…', '確認済…')
    """
    line = " ".join(str(text).split())
    if sum(map(_columns, line)) <= most:
        return line
    used, kept = 1, ""  # one column for the ellipsis
    for character in line:
        used += _columns(character)
        if used > most:
            break
        kept += character
    return kept.rstrip("\u200d\ufe0f ") + "…"  # no half of a joined emoji at the end


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def axis(colours: Palette, **more: object) -> alt.Axis:
    """An axis whose text can be read on the theme's background, whatever page it stands on."""
    look = {
        "labelColor": colours.muted, "titleColor": colours.muted, "gridColor": colours.line, "gridOpacity": 0.6,
        "labelFont": FONT, "titleFont": FONT, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal",
        "titlePadding": 10, "domain": False, "ticks": False, "labelPadding": 6,
    }  # fmt: skip
    return alt.Axis(**look | more)


def chart_picture(
    chart: alt.TopLevelMixin | dict,
    format: str = "png",
    *,
    theme: str = "light",
    title: str = "",
    caption: str = "",
    width: int = 900,
) -> bytes:
    """A chart as a picture file, "png" (two pixels a point) or "svg", with a title and what it counts below that.

    chart : an Altair chart of this package, or its Vega-Lite dict; draw it in the same `theme`
    width : of the picture, in points
    Raises UnknownValue for another format or theme.
    """
    import vl_convert  # slow to load, and only a download needs it

    draw = {"png": vl_convert.vegalite_to_png, "svg": vl_convert.vegalite_to_svg}
    if format not in draw:
        raise UnknownValue("format", format, draw)
    colours = palette(theme)
    spec = dict(chart if isinstance(chart, dict) else chart.to_dict())
    spec |= {"width": width, "padding": 24}
    if title:
        look = {"font": FONT, "fontSize": 18, "fontWeight": 600, "color": colours.ink}
        spec["title"] = {"text": title, "anchor": "start", "offset": 18, "limit": width - 48} | look
    if title and caption:
        spec["title"] |= {"subtitle": caption, "subtitleFont": FONT, "subtitleFontSize": 12, "subtitlePadding": 8}
        spec["title"]["subtitleColor"] = colours.muted
    picture = draw[format](spec, allowed_base_urls=[], **({"scale": 2} if format == "png" else {}))
    return picture if isinstance(picture, bytes) else picture.encode()
