"""Streamlit's own English words in Spanish, as the page shows them (version 1.67; a test holds them to it).

The watcher replaces them in the page; texts of ours and of customers are left alone.
"""

#: Whole texts.
WORDS: dict[str, str] = {
    "Choose options": "Elegí opciones",
    "Choose an option": "Elegí una opción",
    "Upload": "Subir",
    "Add files": "Agregar archivos",
    "Page not found": "Página no encontrada",
    "Connection error": "Sin conexión",
    "Press Enter to apply": "Enter para aplicar",
    "Press Enter to submit form": "Enter para enviar",
    "Close": "Cerrar",
    "Cancel": "Cancelar",
    "Running...": "Trabajando…",
    "Stop": "Detener",
    "No results": "Sin resultados",
}
#: Texts with something in the middle: regular expression, replacement.
PATTERNS: list[tuple[str, str]] = [
    (r"^(\d+)MB per file(.*)$", "Hasta $1 MB por archivo$2"),
    (r"^(?:Error: )?File must be ([\d.]+)MB or smaller\.$", "El archivo puede tener hasta $1 MB."),
    (r"^Remove (.*)$", "Quitar $1"),
]
