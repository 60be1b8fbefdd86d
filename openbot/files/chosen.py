"""The store of this installation."""

from openbot.files.folder import Folder
from openbot.files.store import Store
from openbot.settings import Settings


def store_of(settings: Settings) -> Store:
    """Return the store that the settings name."""
    if not settings.files_s3_bucket:
        return Folder(settings.files_dir)
    from openbot.files.bucket import Bucket  # slow to import, and a folder does not need it

    return Bucket(
        name=settings.files_s3_bucket,
        endpoint=settings.files_s3_endpoint,
        region=settings.files_s3_region,
        access_key=settings.files_s3_access_key.get_secret_value(),
        secret_key=settings.files_s3_secret_key.get_secret_value(),
    )
