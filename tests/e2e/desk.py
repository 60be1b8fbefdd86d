"""One browser of somebody of the company, in front of the panel."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Download, Locator, Page, expect

BUENOS_AIRES = {"locale": "es-AR", "timezone_id": "America/Argentina/Buenos_Aires"}
SIZE = (1280, 720)
PATIENCE_MS = 15_000  #: for a page to come; the machine of the tests may be busy
SOON_MS = 6_000  #: for news to arrive; the product promises 3 s
Answer = tuple[int, Any]


class Desk:
    """A browser of its own: cookies, downloads, and the errors of its pages."""

    def __init__(
        self, browser: Browser, url: str, *, size: tuple[int, int] = (1280, 720), is_dark: bool = False
    ) -> None:
        self.url = url
        self.context = browser.new_context(
            base_url=url,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if is_dark else "light",
            **BUENOS_AIRES,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def close(self) -> None:
        self.context.close()

    # --- the door ---------------------------------------------------------------------------------

    def sign_in(self, email: str, password: str) -> None:
        self.page.goto("/login")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Contraseña").fill(password)
        self.page.get_by_role("button", name="Iniciar sesión").click()

    def confirm(self) -> None:
        """The session that is open elsewhere shall end."""
        self.page.get_by_role("button", name="Cerrar la otra y entrar acá").click()

    def choose_password(self, current: str, fresh: str) -> None:
        """On the page that asks for a password of one's own."""
        expect(self.page.get_by_role("heading", name="Elegí una contraseña nueva")).to_be_visible()
        self.page.get_by_label("Contraseña actual").fill(current)
        self.page.get_by_label("Contraseña nueva").fill(fresh)
        self.page.get_by_label("Repetila").fill(fresh)
        self.page.get_by_role("button", name="Guardar").click()

    # --- going about ------------------------------------------------------------------------------

    @property
    def menu(self) -> Locator:
        return self.page.get_by_test_id("stSidebarNav")

    def menu_titles(self) -> list[str]:
        self.menu.get_by_role("link").first.wait_for()
        return [text.strip() for text in self.menu.get_by_role("link").all_inner_texts()]

    def choose(self, title: str) -> None:
        """Choose a screen of the menu and wait until its list is there."""
        self.menu.get_by_role("link", name=title, exact=True).click()
        self.see_list(title)

    def see_list(self, title: str) -> None:
        expect(self.page.locator(".grid-host h1")).to_have_text(title, timeout=PATIENCE_MS)
        expect(self.page.locator(".skeleton")).to_have_count(0, timeout=PATIENCE_MS)

    # --- a list -----------------------------------------------------------------------------------

    def row(self, number: int) -> Locator:
        return self.page.locator(f".body .row[data-id='{number}']")

    def cell(self, number: int, key: str) -> Locator:
        return self.row(number).locator(f"[data-key={key}]")

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog[open]")

    def fill(self, label: str, value: str) -> None:
        """A field of the open dialog; a required one has a star after its label."""
        self.dialog.get_by_label(re.compile(rf"^{label}( \*)?")).first.fill(value)

    def press(self, title: str) -> None:
        """A button of the open dialog, which then has to go."""
        self.dialog.get_by_role("button", name=title, exact=True).click()
        expect(self.dialog).to_have_count(0)

    def export(self, title: str) -> Path:
        """A file of the list's «Exportar»."""
        self.page.get_by_role("button", name="Exportar", exact=True).click()
        return self.download(self.page.get_by_role("menuitem", name=title))

    def download(self, link: Locator) -> Path:
        with self.page.expect_download() as coming:
            link.click()
        got: Download = coming.value
        return got.path()

    # --- the API ----------------------------------------------------------------------------------

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        """As a script of the panel's own page: status and JSON."""
        script = """async ([method, path, body]) => {
            const headers = {"Content-Type": "application/json"};
            const more = body === null ? {} : {body: JSON.stringify(body), headers};
            const answer = await fetch(path, {method, ...more});
            const text = await answer.text();
            const isJson = (answer.headers.get("content-type") ?? "").includes("json");
            return [answer.status, isJson ? JSON.parse(text) : text];
        }"""
        status, answer = self.page.evaluate(script, [method, path, body])
        return status, answer
