"""The look that screens and components share. Colours of Streamlit's own parts: `panel/.streamlit/config.toml`."""

#: Word of the manual: (colour of the word on light ground, on dark ground); contrast at least 4.5:1, also on its own
#: pale ground (the colour at 12 %).
STATE_COLOURS: dict[str, tuple[str, str]] = {
    "INCOMPLETO": ("#8a5a00", "#f2b84b"),
    "COMPLETO": ("#17752f", "#56d27a"),
    "EN PROCESO": ("#1d5fbf", "#7ab5ff"),
    "FACTURADO": ("#00746b", "#3fd0c0"),
    "RESUELTO": ("#6b3fc4", "#b79cff"),
    "CANCELADO": ("#b42323", "#ff8f87"),
    "NO CONTESTA": ("#a8460b", "#ff9f5a"),
    "VENCIDO": ("#5b6470", "#aab4c0"),
}
#: Grounds the contrasts were computed against.
GROUNDS = ("#ffffff", "#111b1a")
ACCENT = ("#00796b", "#2cc4b2")
SIDEBAR = "#0d3b33"
