"""A bucket of an S3-compatible service as store. The only file that knows boto3."""

import io
from collections.abc import Iterator
from typing import IO, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from openbot.files.store import PIECE, NotStored, StoreAway, checked, new_key

_GONE = frozenset({"NoSuchKey", "404", "NotFound", "InvalidRange", "416"})
_CONFIG = Config(
    connect_timeout=5,
    read_timeout=20,
    retries={"mode": "standard", "max_attempts": 3},
    # Not every compatible service knows Amazon's newer checksums.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class Bucket:
    """Objects under their keys. Threads may share it."""

    def __init__(self, *, name: str, endpoint: str, region: str, access_key: str, secret_key: str) -> None:
        """Connect at the first use. Without keys boto3 takes those that the machine provides."""
        self._name = name
        self._s3: Any = boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint or None,
            region_name=region,
            aws_access_key_id=access_key or None,
            aws_secret_access_key=secret_key or None,
            config=_CONFIG,
        )

    def put(self, key: str, source: IO[bytes]) -> None:
        """Keep all of `source`, in one request."""
        source.seek(0)
        try:
            self._s3.put_object(Bucket=self._name, Key=checked(key), Body=source)
        except (ClientError, BotoCoreError) as error:
            raise StoreAway from error

    def read(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Give the bytes piece by piece."""
        part: dict[str, str] = {}
        if start or length is not None:
            part["Range"] = f"bytes={start}-{'' if length is None else start + length - 1}"
        try:
            body = self._s3.get_object(Bucket=self._name, Key=checked(key), **part)["Body"]
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _GONE:
                raise NotStored from None
            raise StoreAway from error
        except BotoCoreError as error:
            raise StoreAway from error
        return _pieces(body)

    def delete(self, key: str) -> None:
        """Remove the object; S3 does not mind when there is none."""
        try:
            self._s3.delete_object(Bucket=self._name, Key=checked(key))
        except (ClientError, BotoCoreError) as error:
            raise StoreAway from error

    def check(self) -> None:
        """Write, read and remove a few bytes."""
        key = new_key()
        self.put(key, io.BytesIO(b"openbot"))
        b"".join(self.read(key))
        self.delete(key)


def _pieces(body: Any) -> Iterator[bytes]:
    try:
        yield from body.iter_chunks(PIECE)
    except BotoCoreError as error:
        raise StoreAway from error
    finally:
        body.close()
