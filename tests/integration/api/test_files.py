"""Files of conversations: attaching one, and who sees the bytes of which."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from openbot.contacts import deletion
from openbot.files import kinds
from openbot.files.kinds import MB
from openbot.schema import StoredFile
from openbot.vocabulary import FileState
from tests.conftest import ON_SQLITE
from tests.support import attached, files
from tests.support.panel import Browser, Panel
from tests.support.world import World

pytestmark = ON_SQLITE


@pytest.fixture
def browser(world: World, panel: Panel) -> Browser:
    world.says("hola")
    return panel.administrator()


def post(
    browser: Browser, content: bytes, *, name: str = "mate.png", mime: str = "image/png", to: int = 1
) -> Any:
    return browser.post(f"/api/conversations/{to}/files", files={"file": (name, content, mime)})


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def in_folder(world: World) -> list[Path]:
    return [path for path in world.settings.files_dir.rglob("*") if path.is_file()]


# --- attaching --------------------------------------------------------------------------------------


def test_a_picture_is_attached_seen_and_sent(world: World, browser: Browser):
    answer = post(browser, files.PNG, name="../Así queda.png")
    assert answer.status_code == 201
    file_id = answer.json()["id"]
    assert answer.json() == {
        "id": file_id,
        "kind": "image",
        "filename": "Así queda.png",
        "mime_type": "image/png",
        "size": len(files.PNG),
    }
    [row] = world.rows(StoredFile)
    assert (row.state, row.operator_id, row.contact_id) == (FileState.UPLOADED, browser.person_id, 1)
    assert browser.get(f"/api/files/{file_id}").content == files.PNG
    attached.queue(world, file_id)
    world.settle()
    [upload] = world.whatsapp.uploads.values()
    assert (upload.content, upload.filename) == (files.PNG, "Así queda.png")


@pytest.mark.parametrize(
    ("content", "name", "mime", "kind", "stored_as"),
    [
        (files.JPEG, "foto.jpg", "image/jpeg", "image", kinds.JPEG),
        (files.PDF, "factura.pdf", "application/pdf", "document", kinds.PDF),
        (files.WORD, "carta.docx", "application/octet-stream", "document", kinds.DOCX),
        (files.VOICE, "nota.ogg", "audio/ogg", "audio", kinds.OGG),
        (files.MP4, "video.mp4", "video/mp4", "video", kinds.MP4),
        (files.LIST, "lista.csv", "text/csv", "document", kinds.CSV),
        (files.PDF, "", "", "document", kinds.PDF),
    ],
)
def test_what_whatsapp_takes_can_be_attached(
    browser: Browser, content: bytes, name: str, mime: str, kind: str, stored_as: str
):
    answer = post(browser, content, name=name or "blob", mime=mime)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["kind"], answer.json()["mime_type"]) == (kind, stored_as)


@pytest.mark.parametrize(
    ("content", "name", "mime", "code"),
    [
        (b"", "foto.png", "image/png", "attachment_empty"),
        (files.GIF, "a.gif", "image/gif", "file_type"),
        (files.WEBP, "a.webp", "image/webp", "file_type"),
        (files.STEREO, "a.ogg", "audio/ogg", "file_type"),
        (files.PROGRAM, "a.exe", "application/x-msdownload", "file_type"),
        (files.ARCHIVE, "a.zip", "application/zip", "file_type"),
        (files.DRAWING, "a.svg", "image/svg+xml", "file_type"),
        (files.PAGE, "a.html", "text/html", "file_type"),
        (files.PAGE, "foto.jpg", "image/jpeg", "file_not_what_it_says"),
        (files.PNG, "foto.jpg", "image/jpeg", "file_not_what_it_says"),
        (files.PDF, "foto.png", "application/pdf", "file_not_what_it_says"),
        (files.MACROS, "carta.docx", "", "file_not_what_it_says"),
    ],
)
def test_what_it_does_not_take_or_lies_is_refused(
    world: World, browser: Browser, content: bytes, name: str, mime: str, code: str
):
    assert refusal(post(browser, content, name=name, mime=mime)) == (422, code)
    assert world.rows(StoredFile) == []
    assert in_folder(world) == []


def test_a_file_too_large_is_refused_with_its_limit(world: World, browser: Browser):
    answer = post(browser, files.PNG + bytes(5 * MB))
    assert refusal(answer) == (422, "attachment_too_large")
    assert answer.json()["error"]["detail"] == {"largest": 5 * MB}
    answer = post(browser, files.PDF + bytes(16 * MB), name="a.pdf", mime="application/pdf")
    assert answer.json()["error"]["detail"] == {"largest": 16 * MB}
    assert in_folder(world) == []


def test_of_a_file_far_too_large_no_more_is_read_than_may_be(browser: Browser):
    read = []

    def endless():
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        for _ in range(200):
            read.append(1)
            yield bytes(MB)

    answer = browser.post(
        "/api/conversations/1/files",
        content=endless(),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert refusal(answer) == (422, "attachment_too_large")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ({"content": b"x", "headers": {"Content-Type": "text/plain"}}, (422, "invalid")),
        ({"files": {"other": ("a.png", files.PNG, "image/png")}}, (422, "invalid")),
        ({"data": {"file": "words"}, "files": {"x": b"y"}}, (422, "invalid")),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, (400, "not_a_form")),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=y"}}, (400, "not_a_form")),
        ({"files": [("file", ("a", b"a")), ("file", ("b", b"b"))]}, (400, "not_a_form")),
    ],
)  # fmt: skip
def test_a_form_without_one_file_is_refused(
    browser: Browser, call: dict[str, Any], expected: tuple[int, str]
):
    assert refusal(browser.post("/api/conversations/1/files", **call)) == expected


def test_nobody_else_and_nobody_deleted_gets_a_file(world: World, browser: Browser):
    assert refusal(post(browser, files.PNG, to=999)) == (404, "contact_not_found")
    with world.database.transaction() as session:
        deletion.erase(session, contact_id=1, mark_key=b"k", now=world.clock())
    assert refusal(post(browser, files.PNG)) == (404, "contact_not_found")


def test_an_infected_file_is_refused_and_without_its_scanner_none_is_taken(database, clock, tmp_path: Path):
    script = tmp_path / "scan"
    script.write_text("#!/bin/sh\ngrep -q AWAY && exit 2\nexit 0\n")
    world = World(database, clock, web_role="all", scan_command=f"sh {script} -")
    world.says("hola")
    browser = Panel(world).administrator()
    assert post(browser, files.PNG).status_code == 201
    assert refusal(post(browser, files.PNG + b"AWAY")) == (503, "file_scan_away")
    script.write_text("#!/bin/sh\nexit 1\n")
    assert refusal(post(browser, files.PNG)) == (422, "file_infected")
    assert len(world.rows(StoredFile)) == 1
    world.close()


def test_a_store_that_is_away_keeps_nothing(world: World, browser: Browser):
    world.settings.files_dir.rmdir()
    world.settings.files_dir.write_text("in the way")
    assert refusal(post(browser, files.PNG)) == (503, "store_away")
    world.settings.files_dir.unlink()
    world.settings.files_dir.mkdir()
    world.clock.move(hours=1)
    world.fetch()
    assert world.rows(StoredFile) == []


# --- seeing -----------------------------------------------------------------------------------------


def keep(world: World, content: bytes, mime: str, name: str) -> int:
    return attached.attach(world, content, mime, name)


INLINE, SAVED = "inline", "attachment"


@pytest.mark.parametrize(
    ("content", "mime", "name", "how", "plain", "full"),
    [
        (files.PNG, kinds.PNG, "mate.png", INLINE, "mate.png", "mate.png"),
        (files.PDF, kinds.PDF, "ñu.pdf", INLINE, "nu.pdf", "%C3%B1u.pdf"),
        (files.PDF, kinds.PDF, "a.exe", INLINE, "a.exe.pdf", "a.exe.pdf"),
        (files.VOICE, kinds.OGG, "", INLINE, "audio-1.ogg", "audio-1.ogg"),
        (files.WORD, kinds.DOCX, "c.docx", SAVED, "c.docx", "c.docx"),
        (files.PAGE, kinds.TEXT, "ñ.html", SAVED, "n.html.txt", "%C3%B1.html.txt"),
    ],
)
def test_a_file_is_shown_as_what_it_is_and_nothing_in_it_runs(
    world: World,
    browser: Browser,
    *,
    content: bytes,
    mime: str,
    name: str,
    how: str,
    plain: str,
    full: str,
):
    answer = browser.get(f"/api/files/{keep(world, content, mime, name)}")
    assert (answer.status_code, answer.content) == (200, content)
    headers = answer.headers
    assert headers["content-type"].partition(";")[0] == mime
    assert headers["content-disposition"] == f"{how}; filename=\"{plain}\"; filename*=UTF-8''{full}"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["cache-control"] == "private, no-cache"
    assert headers["content-length"] == str(len(content))


def test_what_is_to_be_saved_is_never_shown(world: World, browser: Browser):
    file_id = keep(world, files.PDF, kinds.PDF, "a.pdf")
    headers = browser.get(f"/api/files/{file_id}", params={"download": 1}).headers
    assert headers["content-disposition"].startswith("attachment")
    assert headers["content-security-policy"].startswith("sandbox")


def test_what_the_browser_has_is_not_sent_again(world: World, browser: Browser):
    path = f"/api/files/{keep(world, files.PNG, kinds.PNG, 'a.png')}"
    etag = browser.get(path).headers["etag"]
    assert etag == f'"{hashlib.sha256(files.PNG).hexdigest()}"'
    again = browser.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert browser.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("bytes=0-0", 0, 0), ("bytes=4-", 4, None), ("bytes=-3", -3, None), ("bytes=2-9999999", 2, None)],
)
def test_a_part_of_a_sound_is_given(
    world: World, browser: Browser, wanted: str, first: int, last: int | None
):
    path = f"/api/files/{keep(world, files.VOICE, kinds.OGG, 'a.ogg')}"
    answer = browser.get(path, headers={"Range": wanted})
    part = files.VOICE[first:] if last is None else files.VOICE[first : last + 1]
    size = len(files.VOICE)
    begins = first % size
    assert (answer.status_code, answer.content) == (206, part)
    assert answer.headers["content-range"] == f"bytes {begins}-{begins + len(part) - 1}/{size}"
    assert answer.headers["accept-ranges"] == "bytes"


def test_a_part_that_is_not_there_is_refused_and_nonsense_is_all(world: World, browser: Browser):
    path = f"/api/files/{keep(world, files.VOICE, kinds.OGG, 'a.ogg')}"
    beyond = browser.get(path, headers={"Range": "bytes=5000-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(files.VOICE)}")
    for wanted in ("bytes=", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4"):
        assert browser.get(path, headers={"Range": wanted}).content == files.VOICE


def test_a_file_that_is_not_kept_is_not_there(world: World, browser: Browser):
    world.sends(files.PROGRAM)
    assert refusal(browser.get("/api/files/1")) == (404, "file_not_found")
    world.fetch()
    assert refusal(browser.get("/api/files/1")) == (404, "file_not_found")
    assert refusal(browser.get("/api/files/99")) == (404, "file_not_found")
    gone = keep(world, files.PNG, kinds.PNG, "a.png")
    world.store.delete(world.rows(StoredFile, StoredFile.id == gone)[0].key)
    assert refusal(browser.get(f"/api/files/{gone}")) == (404, "file_not_found")
    kept = keep(world, files.PNG, kinds.PNG, "a.png")
    with world.database.transaction() as session:
        deletion.erase(session, contact_id=1, mark_key=b"k", now=world.clock())
    assert refusal(browser.get(f"/api/files/{kept}")) == (404, "file_not_found")
