"""Files in the composer of Comunicaciones: chosen or pasted, shown while they go up, refused with the reason."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import FilePayload, expect

from tests.panel_browser.inbox import SOON, Customers, Seat


def picture() -> FilePayload:
    raw = BytesIO()
    Image.new("RGB", (60, 40), "#00796b").save(raw, "PNG")
    return {"name": "mostrador.png", "mimeType": "image/png", "buffer": raw.getvalue()}


def test_a_picture_is_shown_in_the_composer_and_then_in_the_conversation(
    ana: Seat, customers: Customers
) -> None:
    carla = customers.attended(ana.person_id)
    ana.open(carla)
    ana.page.locator("input[type=file]").set_input_files(picture())
    strip = ana.page.locator(".file-strip")
    expect(strip).to_contain_text("mostrador.png")
    expect(strip.locator("img")).to_be_visible()
    ana.field.fill("Así está hoy")
    ana.field.press("Enter")
    expect(strip).to_be_hidden()
    expect(ana.page.locator(".message.pending")).to_have_count(0, timeout=SOON)
    sent = ana.bubble("Así está hoy")
    expect(sent.locator("a.picture img")).to_be_visible()
    width = "image => image.decode().then(() => image.naturalWidth)"
    assert sent.locator("img").evaluate(width) == 60
    expect(ana.page.locator(".message.by-operador")).to_have_count(1)
    assert len(customers.went(carla)) == 1


def test_an_attached_file_is_part_of_the_draft(ana: Seat, customers: Customers) -> None:
    carla = customers.attended(ana.person_id)
    ana.open(carla)
    ana.page.locator("input[type=file]").set_input_files(picture())
    expect(ana.page.locator(".file-strip")).to_contain_text("mostrador.png")
    ana.page.wait_for_timeout(1_200)
    ana.page.reload()
    expect(ana.page.locator(".file-strip")).to_contain_text("mostrador.png")
    ana.page.get_by_role("button", name="Quitar el archivo").click()
    expect(ana.page.locator(".file-strip")).to_be_hidden()


def test_what_is_no_picture_is_refused_beside_it(ana: Seat, customers: Customers) -> None:
    ana.open(customers.attended(ana.person_id))
    false = FilePayload(name="foto.png", mimeType="image/png", buffer=b"MZ\x90\x00" + b"\x00" * 400)
    ana.page.locator("input[type=file]").set_input_files(false)
    expect(ana.page.locator(".file-strip [role=alert]")).not_to_be_empty()
    expect(ana.page.locator(".send-button")).to_be_disabled()


def test_a_picture_can_be_pasted(ana: Seat, customers: Customers) -> None:
    ana.open(customers.attended(ana.person_id))
    paste = """async (field) => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 20, height: 20 });
      const blob = await new Promise((done) => canvas.toBlob(done));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([blob], "image.png", { type: "image/png" }));
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }"""
    ana.field.evaluate(paste)
    expect(ana.page.locator(".file-strip")).to_contain_text("image.png")


def test_a_picture_can_be_dropped_on_the_conversation(ana: Seat, customers: Customers) -> None:
    ana.open(customers.attended(ana.person_id))
    drop = """async (wall) => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 20, height: 20 });
      const blob = await new Promise((done) => canvas.toBlob(done));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([blob], "soltada.png", { type: "image/png" }));
      for (const name of ["dragover", "drop"]) {
        wall.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
      }
    }"""
    ana.page.locator(".middle-part").evaluate(drop)
    expect(ana.page.locator(".file-strip")).to_contain_text("soltada.png")
