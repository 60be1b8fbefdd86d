"""What a file is, by its bytes."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbot.files import kinds
from openbot.files.kinds import KINDS, MB
from tests.support import files

KNOWN = [
    (files.JPEG, kinds.JPEG), (files.PNG, kinds.PNG), (files.WEBP, kinds.WEBP), (files.GIF, kinds.GIF),
    (b"\xef\xbb\xbf\r\n" + files.PDF, kinds.PDF),
    (files.PDF, kinds.PDF), (files.VOICE, kinds.OGG), (files.VORBIS, kinds.OGG), (files.MP3, kinds.MP3),
    (files.MP3_BARE, kinds.MP3), (files.AAC, kinds.AAC), (files.AMR, kinds.AMR), (files.M4A, kinds.M4A),
    (files.MP4, kinds.MP4), (files.MP4_3G, kinds.MP4_3G), (files.OLD_WORD, kinds.DOC),
    (files.OLD_EXCEL, kinds.XLS), (files.WORD, kinds.DOCX), (files.EXCEL, kinds.XLSX), (files.SLIDES, kinds.PPTX),
]  # fmt: skip
UNKNOWN = [
    files.HEIC, files.INSTALLER, files.PROGRAM, files.PAGE, files.DRAWING, files.ARCHIVE, files.MACROS, files.LIST,
    b"", b"PK\x03\x04", b"\xff", b"RIFF\x00\x00\x00\x00WAVEfmt ", files.WORD[:40],
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "mime_type"), KNOWN, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_file_is_known_by_its_bytes_whatever_it_calls_itself(content: bytes, mime_type: str):
    for declared, name in (("", ""), ("text/html", "a.html"), (mime_type, "")):
        kind = kinds.kind_of(io.BytesIO(content), declared=declared, filename=name)
        assert kind is KINDS[mime_type]


@pytest.mark.parametrize("content", UNKNOWN, ids=lambda content: repr(content[:8]))
def test_everything_else_is_nothing_we_know(content: bytes):
    assert kinds.kind_of(io.BytesIO(content)) is None
    assert kinds.kind_of(io.BytesIO(content), declared="image/jpeg", filename="a.jpg") is None


def test_text_is_what_says_so_and_can_be_read():
    def kind_of(content, **said):
        found = kinds.kind_of(io.BytesIO(content), **said)
        return found and found.mime_type

    assert kind_of(files.LIST, declared="text/csv", filename="lista.csv") == kinds.CSV
    assert kind_of(files.LIST, filename="lista.txt") == kinds.TEXT
    assert kind_of(files.PAGE, declared="text/plain") == kinds.TEXT  # shown to nobody: only to be saved
    assert kind_of(files.PROGRAM, declared="text/plain", filename="a.txt") is None
    assert kind_of(b"", declared="text/plain", filename="a.txt") is None
    assert not KINDS[kinds.TEXT].is_shown


@pytest.mark.parametrize(
    ("mime_type", "declared", "filename", "agrees"),
    [
        (kinds.JPEG, "image/jpeg", "foto.JPG", True),
        (kinds.JPEG, "image/jpg", "foto", True),
        (kinds.JPEG, "", "", True),
        (kinds.JPEG, "application/octet-stream", "foto.jpeg", True),
        (kinds.JPEG, "image/png", "foto.jpg", False),
        (kinds.JPEG, "image/jpeg", "foto.pdf", False),
        (kinds.JPEG, "text/html", "foto.jpg", False),
        (kinds.OGG, "audio/ogg; codecs=opus", "nota.ogg", True),
        (kinds.MP4, "audio/mp4", "nota.m4a", True),
        (kinds.CSV, "application/vnd.ms-excel", "lista.csv", True),  # as Windows says
        (kinds.PDF, "application/pdf", "factura.pdf.exe", True),  # an ending that we do not know says nothing
        (kinds.DOCX, "application/msword", "carta.docx", False),
    ],
)
def test_a_file_must_be_what_it_says_it_is(*, mime_type: str, declared: str, filename: str, agrees: bool):
    assert kinds.agrees(KINDS[mime_type], declared=declared, filename=filename) is agrees


def test_a_file_fits_the_message_it_came_in():
    assert kinds.fits(KINDS[kinds.JPEG], message="image")
    assert not kinds.fits(KINDS[kinds.PDF], message="image")
    assert kinds.fits(KINDS[kinds.WEBP], message="sticker")
    assert not kinds.fits(KINDS[kinds.PNG], message="sticker")
    assert kinds.fits(KINDS[kinds.MP4], message="audio")
    assert kinds.fits(KINDS[kinds.JPEG], message="document")


def test_whatsapp_takes_speech_in_one_channel_and_no_moving_pictures():
    def taken(mime_type, content=b""):
        return kinds.taken(KINDS[mime_type], io.BytesIO(content))

    assert taken(kinds.OGG, files.VOICE)
    assert not taken(kinds.OGG, files.STEREO)
    assert not taken(kinds.OGG, files.VORBIS)
    assert taken(kinds.JPEG)
    assert not taken(kinds.GIF)
    assert not taken(kinds.WEBP)


def test_the_largest_file_is_the_smaller_of_whatsapps_limit_and_ours():
    assert kinds.largest_out(KINDS[kinds.PNG], setting_mb=16) == 5 * MB
    assert kinds.largest_out(KINDS[kinds.PDF], setting_mb=16) == 16 * MB
    assert kinds.largest_out(KINDS[kinds.PDF], setting_mb=100) == 100 * MB
    assert kinds.largest_out(KINDS[kinds.MP3], setting_mb=100) == 16 * MB


@given(st.binary(max_size=80) | st.builds(lambda rest: b"PK\x03\x04" + rest, st.binary(max_size=200)))
def test_no_bytes_make_it_raise(content: bytes):
    for said in ("", "text/plain"):
        kind = kinds.kind_of(io.BytesIO(content), declared=said)
        assert kind is None or kind.mime_type in KINDS
