"""Which screens there are, in the order of the manual, and who sees them. A file that is not there is no screen."""

from dataclasses import dataclass
from pathlib import Path

SCREENS_FOLDER = Path(__file__).parent / "screens"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One entry of the menu."""

    file: str
    title: str
    icon: str
    section: str
    path: str = ""  #: in the address; default the file's name
    administrators_only: bool = False
    hidden: bool = False  #: reached by links only

    @property
    def source(self) -> Path:
        """The script."""
        return SCREENS_FOLDER / f"{self.file}.py"

    @property
    def url_path(self) -> str:
        """Its place in the address."""
        return self.path or self.file


_WORK, _HOUSE = "Operación", "Administración"
SCREENS = (
    Screen(file="dashboard", title="Dashboard", icon=":material/dashboard:", section=_WORK),
    Screen(file="reportes", title="Reportes", icon=":material/monitoring:", section=_WORK),
    Screen(file="contactos", title="Contactos", icon=":material/group:", section=_WORK),
    Screen(file="pedidos", title="Pedidos", icon=":material/receipt_long:", section=_WORK),
    Screen(file="comunicaciones", title="Comunicaciones", icon=":material/forum:", section=_WORK),
    Screen(
        file="difusiones", title="Difusiones", icon=":material/campaign:", section=_WORK, administrators_only=True
    ),
    Screen(file="conversacion", title="Conversación", icon=":material/chat:", section=_WORK, hidden=True),
    Screen(file="catalogo", title="Catálogo", icon=":material/storefront:", section=_WORK),
    Screen(
        file="usuarios", title="Usuarios", icon=":material/badge:", section=_HOUSE, administrators_only=True
    ),
    Screen(
        file="configuracion", title="Configuración", icon=":material/settings:", section=_HOUSE,
        administrators_only=True,
    ),
)  # fmt: skip


def screens_for(role: str) -> list[Screen]:
    """Return what this person may open; the API refuses the rest as well."""
    return [
        screen
        for screen in SCREENS
        if screen.source.exists() and (role == "Administrador" or not screen.administrators_only)
    ]
