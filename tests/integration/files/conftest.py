"""Both stores: a folder of the disk, and a bucket of a service that runs here and speaks S3."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from openbot.files.store import Store

BUCKET = "conversaciones"


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    ).create_bucket(Bucket=BUCKET)
    yield endpoint
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> "Store":
    from openbot.files.chosen import store_of
    from tests.support.world import settings_for

    if request.param == "folder":
        return store_of(settings_for("sqlite:///x.db", files_dir=tmp_path / "files"))
    endpoint = request.getfixturevalue("s3_endpoint")
    return store_of(
        settings_for(
            "sqlite:///x.db",
            files_s3_bucket=BUCKET,
            files_s3_endpoint=endpoint,
            files_s3_access_key="testing",
            files_s3_secret_key="testing",
        )
    )
