"""A folder and a bucket keep the same promises."""

import io
import os
import stat
from pathlib import Path

import pytest

from openbot.files.chosen import store_of
from openbot.files.folder import Folder
from openbot.files.store import PIECE, NotStored, Store, StoreAway, new_key
from tests.support.world import settings_for

LONG = os.urandom(2 * PIECE + 17)


def keep(store: Store, content: bytes, key: str | None = None) -> str:
    key = key or new_key()
    store.put(key, io.BytesIO(content))
    return key


def test_what_is_kept_is_read_again_piece_by_piece(store: Store):
    key = keep(store, LONG)
    pieces = list(store.read(key))
    assert b"".join(pieces) == LONG
    assert len(pieces) > 1
    assert b"".join(store.read(keep(store, b""))) == b""


def test_a_part_is_read_alone(store: Store):
    key = keep(store, LONG)
    assert b"".join(store.read(key, start=5, length=4)) == LONG[5:9]
    assert b"".join(store.read(key, start=PIECE - 1, length=PIECE + 2)) == LONG[PIECE - 1 : 2 * PIECE + 1]
    assert b"".join(store.read(key, start=len(LONG) - 1)) == LONG[-1:]


def test_a_second_put_replaces_the_first_and_begins_at_the_beginning(store: Store):
    source = io.BytesIO(b"dos")
    source.read()
    key = keep(store, b"uno")
    store.put(key, source)
    assert b"".join(store.read(key)) == b"dos"


def test_what_is_deleted_is_gone_and_may_be_deleted_again(store: Store):
    key = keep(store, b"uno")
    store.delete(key)
    store.delete(key)
    with pytest.raises(NotStored):
        store.read(key)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "/etc/passwd", "A" * 32, "0" * 31, "0" * 32 + "\n"])
def test_a_key_leads_nowhere_else(store: Store, key: str):
    for call in (lambda: store.read(key), lambda: store.delete(key), lambda: store.put(key, io.BytesIO())):
        with pytest.raises(NotStored):
            call()


def test_a_store_can_be_checked(store: Store):
    store.check()


def test_the_folder_is_this_users_alone_and_keeps_nothing_half(tmp_path: Path):
    folder = Folder(tmp_path / "files")
    key = keep(folder, b"uno")
    [file] = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert file.name == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    (file.parent / f"{key}.{new_key()}.part").write_bytes(b"u")
    keep(folder, b"dos", key)
    assert [path.name for path in file.parent.iterdir()] == [key]
    (file.parent / f"{key}.{new_key()}.part").write_bytes(b"u")
    folder.delete(key)
    assert list(file.parent.iterdir()) == []


class Broken(io.BytesIO):
    def read(self, *_size: int | None) -> bytes:
        raise OSError(28, "No space left on device")


def test_a_write_that_fails_leaves_the_old_bytes_and_says_so(tmp_path: Path):
    folder = Folder(tmp_path / "files")
    key = keep(folder, b"uno")
    with pytest.raises(StoreAway):
        folder.put(key, Broken())
    assert b"".join(folder.read(key)) == b"uno"
    assert [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()] == [key]


def test_a_folder_that_cannot_be_made_is_away(tmp_path: Path):
    (tmp_path / "files").write_text("a file stands in the way")
    with pytest.raises(StoreAway):
        Folder(tmp_path / "files").check()


def test_a_bucket_that_is_not_there_is_away(s3_endpoint: str):
    settings = settings_for(
        "sqlite:///x.db",
        files_s3_bucket="otra",
        files_s3_endpoint=s3_endpoint,
        files_s3_access_key="testing",
        files_s3_secret_key="testing",
    )
    with pytest.raises(StoreAway):
        store_of(settings).check()
    assert "testing" not in repr(settings)


def test_a_service_that_does_not_answer_is_away():
    store = store_of(
        settings_for(
            "sqlite:///x.db",
            files_s3_bucket="otra",
            files_s3_endpoint="http://127.0.0.1:9",
            files_s3_access_key="testing",
            files_s3_secret_key="testing",
        )
    )
    with pytest.raises(StoreAway):
        store.read(new_key())
