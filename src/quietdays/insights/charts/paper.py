"""The same drawing for print: concrete colours that stay apart in grey, and a named font."""

from __future__ import annotations

from quietdays.insights.charts.svg import Chart

FONT = "Atkinson Hyperlegible Next"

# Class by class what frontend/styles/charts.css says for screens. The typesetter reads only
# simple class selectors and no variables. Seen, seen-mid, seen-light, quiet and blank lie far
# apart in lightness.
PRINT_RULES: dict[str, str] = {
    "c-text": "fill:#111111",
    "c-soft": "fill:#404040",
    "c-strong": "font-weight:700",
    "c-halo": "paint-order:stroke;stroke:#ffffff;stroke-width:4;stroke-linejoin:round",
    "c-on-seen": "fill:#ffffff",
    "c-on-seen-mid": "fill:#111111",
    "c-seen": "fill:#4f2470",
    "c-seen-mid": "fill:#a580c2",
    "c-seen-light": "fill:#d6c4e4",
    "c-quiet": "fill:#e4f0ec",
    "c-ring": "stroke:#1f5a49",
    "c-foot": "fill:#4d8a78",
    "c-blank": "fill:#ffffff;stroke:#d4d4d4;stroke-width:0.5",
    "c-plate": "fill:#ffffff",
    "c-frame": "stroke:#9a9a9a",
    "c-today": "stroke:#111111;stroke-width:2",
    "c-hatch-ground": "fill:#f6f6f6",
    "c-hatch-line": "stroke:#b4b4b4",
    "c-illness-ground": "fill:#b4541f;fill-opacity:0.12",
    "c-illness": "fill:#8a3c10",
    "c-line": "stroke:#d0d0d0",
    "c-axis": "stroke:#777777",
    "c-mark-diet": "stroke:#7a4f06;stroke-width:1.5",
    "c-mark-medicine": "stroke:#1d4f80;stroke-width:1.2",
    "c-mark-eeg": "stroke:#111111;stroke-width:1.6",
    "c-diet": "fill:#b07a1e",
    "c-medicine": "fill:#2f6da8",
    "c-medicine-2": "fill:#3f8f8a",
    "c-unknown-dose": "stroke:#555555",
    "c-ketones": "fill:#2c6446",
    "c-range": "stroke:#2c6446;stroke-opacity:0.6",
    "c-weight": "fill:#333333",
    "c-weight-line": "stroke:#333333;stroke-width:1.2",
    "c-fall": "stroke:#111111;stroke-width:2",
    "c-peak": "fill:#111111",
    "c-track": "fill:#dddddd",
    "c-track-filled": "fill:#444444",
    "c-same": "stroke:#111111;stroke-width:1.5",
    "c-interval": "fill:#1d4f80",
    "c-interval-thick": "fill:#1d4f80",
    "c-point": "fill:#ffffff;stroke:#1d4f80",
    "c-arrow": "fill:#404040",
    "c-slot": "fill:none;stroke:none",
}


def on_paper(chart: Chart) -> str:
    """The chart's SVG with its own style sheet, for a renderer that knows no variables."""
    rules = "".join(f".{name}{{{rule}}}" for name, rule in PRINT_RULES.items())
    style = f'<style>text{{font-family:"{FONT}"}}{rules}</style>'
    head, body = chart.svg.split(">", 1)
    return f"{head}>{style}{body}"
