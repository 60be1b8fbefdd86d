"""Streamlit's own English words in Spanish, as the page shows them (version 1.67; a test holds them to it).

The watcher replaces them in the page; texts of ours and of customers are left alone.
"""

#: Whole texts.
WORDS: dict[str, str] = {
    "Choose options": "Elegí opciones",
    "Choose an option": "Elegí una opción",
    "Choose or add options": "Elegí o agregá opciones",
    "Choose or add an option": "Elegí o agregá una opción",
    "No options to select": "No hay opciones",
    "No results": "Sin resultados",
    "Select all": "Elegir todo",
    "Clear all": "Borrar todo",
    "Clear value": "Borrar",
    "Upload": "Subir",
    "Add files": "Agregar archivos",
    "Drag and drop a file here": "Arrastrá un archivo acá",
    "Drag and drop files here": "Arrastrá archivos acá",
    "This field is required.": "Falta completar este dato.",
    "Page not found": "Página no encontrada",
    "Connection error": "Sin conexión",
    "Connecting": "Conectando",
    "Connecting to Streamlit server": "Conectando…",
    "Unable to connect to Streamlit server": "Sin conexión",
    "yyyy": "aaaa",
    "Close": "Cerrar",
    "Cancel": "Cancelar",
    "Running...": "Trabajando…",
    "Stop": "Detener",
    "Copy to clipboard": "Copiar",
    "Copied": "Copiado",
    "Fullscreen": "Pantalla completa",
    "Close fullscreen": "Salir de pantalla completa",
    "Show data": "Ver datos",
    "Download as CSV": "Descargar CSV",
    "Search": "Buscar",
    "Expand sidebar": "Abrir el menú",
    "Collapse sidebar": "Cerrar el menú",
}
#: Nobody else writes these, so that they are replaced in Markdown, too: Streamlit puts them there.
SENTENCES: list[tuple[str, str]] = [
    (
        r"^The page that you have requested does not seem to exist\. .*$",
        "Esa página no existe o no es para tu tipo de usuario. Te mostramos la primera.",
    ),
    (r"^You have requested page .*, but no corresponding file was found .*$", "Esa página no existe."),
    (r"^Streamlit server is not responding\. .*$", "El sistema no responde. Se reintenta solo."),
    (r"^Is Streamlit still running\?.*$", "El sistema no responde. Se reintenta solo."),
    (r"^Connection failed with status .*$", "No se pudo conectar. Se reintenta solo."),
    (r"^You can only select up to (\d+) options?\. .*$", "Se pueden elegir hasta $1."),
]
#: Texts with something in the middle: regular expression, replacement.
PATTERNS: list[tuple[str, str]] = [
    *SENTENCES,
    (r"^Press Enter to apply$", "Enter para aplicar"),
    (r"^Press Enter to submit form$", "Enter para enviar"),
    (r"^Press (⌘|Ctrl)\+Enter to .*$", "$1+Enter para aplicar"),
    (r"^(\d+)MB per file(.*)$", "Hasta $1 MB por archivo$2"),
    (r"^(?:Error: )?File must be ([\d.]+)MB or smaller\.$", "El archivo puede tener hasta $1 MB."),
    (r"^Help for (.*)$", "Ayuda de $1"),
    (r"^Remove (.*)$", "Quitar $1"),
]
