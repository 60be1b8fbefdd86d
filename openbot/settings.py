"""All settings, on one typed page: `OPENBOT_*` variables or `.env`, read once, refused at start when wrong."""

import hmac
import shlex
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, HttpUrl, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from openbot.errors import OpenbotError


class SettingsWrong(OpenbotError):
    """A setting is missing or wrong."""

    code = "settings_wrong"

    def __init__(self, *, problems: list[tuple[str, str]]) -> None:
        self.problems = problems
        lines = [f"  {name}: {what}" for name, what in problems]
        super().__init__("Settings refused (set them in the environment or in .env):\n" + "\n".join(lines))


def _stripped(secret: SecretStr) -> SecretStr:
    # A trailing newline from an env file would make every signature fail (contract §2.1).
    return SecretStr(secret.get_secret_value().strip())


def _base_url(url: str) -> str:
    HttpUrl(url)
    return url.rstrip("/")


def _listed(value: str) -> list[str]:
    return [each.strip() for each in value.split(",") if each.strip()]


def _maybe_url(url: str) -> str:
    return _base_url(url) if url else ""


def _command(line: str) -> str:
    shlex.split(line)
    return line.strip()


def _addresses(value: str) -> str:
    """Refuse what would never match, silently: a typing error, or 10.0.0.5/24 for the network 10.0.0.0/24."""
    for each in _listed(value):
        ip_network(each)
    return value


#: What a server may be told to listen on.
ANYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - these are no addresses to call
Secret = Annotated[SecretStr, AfterValidator(_stripped)]
Addresses = Annotated[str, AfterValidator(_addresses)]
Url = Annotated[str, AfterValidator(_base_url)]
MaybeUrl = Annotated[str, AfterValidator(_maybe_url)]
Command = Annotated[str, AfterValidator(_command)]


class Settings(BaseSettings):
    """What an installation must or may say. Secrets never appear in logs or in `repr`."""

    model_config = SettingsConfigDict(env_prefix="OPENBOT_", env_file=".env", extra="ignore", frozen=True)

    # Company and storage
    database_url: str = Field(
        "sqlite:///var/openbot.db",
        pattern=r"^(sqlite:///.+|postgresql(\+psycopg)?://.+)$",
        description="sqlite:///path, or postgresql://user:password@host/database for more than one machine",
    )
    business_file: Path = Field(
        Path("data/business.yml"), description="The company that `openbot seed` writes into an empty database"
    )
    time_zone: str = Field(
        "America/Argentina/Buenos_Aires", description="Time zone of the company (IANA name)"
    )

    # WhatsApp (Meta's Cloud API)
    whatsapp_phone_number_id: str = Field(
        pattern=r"^\d{5,20}$",
        description="Phone number ID of WhatsApp Manager (digits; not the phone number)",
    )
    whatsapp_access_token: Secret = Field(
        min_length=16, description="System-user token with whatsapp_business_messaging"
    )
    whatsapp_app_secret: Secret = Field(min_length=16, description="App settings → Basic → App secret")
    whatsapp_verify_token: Secret = Field(
        min_length=8, description="Any phrase, typed here and in Meta's webhook settings"
    )
    whatsapp_waba_id: str = Field(
        "", pattern=r"^\d*$", description="WhatsApp Business Account ID (for templates and the doctor)"
    )
    whatsapp_graph_url: Url = Field("https://graph.facebook.com", description="Base URL of the Cloud API")
    whatsapp_api_version: str = Field("v26.0", pattern=r"^v\d+\.\d+$", description="Graph version, pinned")
    whatsapp_messages_per_second: float = Field(
        80, gt=0, description="Sends a second of this number (contract §6.3; 20 in coexistence)"
    )
    whatsapp_seconds_between_messages: float = Field(
        6,
        ge=0,
        description="To one person after a burst of 45: one message in so many seconds (contract §6.3)",
    )
    whatsapp_daily_conversations: int = Field(
        250,
        ge=0,
        description="Messaging limit of the number: people it may write to first in 24 h (WhatsApp Manager → Limits)",
    )
    broadcast_messages_per_second: float = Field(
        10,
        gt=0,
        description="Messages of broadcasts a second; never more than half of all sends, for conversations go first",
    )
    broadcast_messages_in_hand: int = Field(
        20, ge=1, le=500, description="Messages of broadcasts that may wait to be sent at the same time"
    )
    phone_reply_silence_hours: float = Field(
        4, gt=0, le=72, description="The bot's silence after the company answered from its own phone"
    )

    # Processes
    port: int = Field(8000, ge=1, le=65535, description="Port of the web process")
    host: str = Field("127.0.0.1", description="Address the web process listens on (0.0.0.0 behind a proxy)")
    web_role: Literal["all", "webhook", "panel"] = Field(
        "all", description="What the web process serves: WhatsApp's webhook, the panel, or all"
    )
    trusted_proxies: Addresses = Field(
        "",
        description="Addresses or networks of reverse proxies, comma-separated, whose X-Forwarded-For and -Proto are "
        "believed besides this machine's own",
    )
    rasa_url: Url = Field("http://127.0.0.1:5005", description="The assistant's process")
    actions_url: Url = Field("http://127.0.0.1:5055", description="The action server")
    rasa_timeout_seconds: float = Field(
        30, gt=0, le=50, description="Longest wait for the assistant's answer"
    )
    turn_workers: int = Field(8, ge=1, le=64, description="Conversations answered at the same time")
    send_workers: int = Field(8, ge=1, le=64, description="Messages sent at the same time")
    metrics_token: Secret = Field(
        SecretStr(""),
        description="Who reads /metrics from elsewhere sends it as a bearer token; empty: this machine alone",
    )
    worker_metrics_port: int = Field(
        0, ge=0, le=65535, description="Port on 127.0.0.1 for the worker's own figures, such as 9101; 0: none"
    )

    # Panel
    session_idle_hours: float = Field(
        8, gt=0, le=720, description="A session of the panel ends after so many hours without doing anything"
    )
    session_longest_hours: float = Field(
        168, gt=0, le=8760, description="A session of the panel ends after so many hours at the latest"
    )

    # Files of conversations
    files_dir: Path = Field(
        Path("var/files"), description="Folder for pictures, documents and sounds, when there is no S3 bucket"
    )
    files_s3_bucket: str = Field(
        "",
        max_length=63,
        description="Bucket of an S3-compatible service to keep them in instead of the folder",
    )
    files_s3_endpoint: MaybeUrl = Field(
        "", description="Address of that service, if it is not Amazon's (MinIO, R2, Spaces …)"
    )
    files_s3_region: str = Field("us-east-1", description="Region of the bucket")
    files_s3_access_key: Secret = Field(
        SecretStr(""), description="Access key of the bucket; empty: whatever the machine itself provides"
    )
    files_s3_secret_key: Secret = Field(SecretStr(""), description="Secret key that belongs to it")
    files_largest_mb: int = Field(
        16,
        ge=1,
        le=100,
        description="Largest file that is kept or sent, in MB (pictures: 5, as WhatsApp says)",
    )
    scan_command: Command = Field(
        "",
        description="Virus scanner, e.g. `clamdscan --fdpass --no-summary -`: it gets the file on standard input "
        "when the line ends in -, else the file's path at its end; exit code 0 is clean, 1 infected; empty: none",
    )
    scan_seconds: float = Field(60, gt=0, le=300, description="Longest wait for the scanner")

    # Conversation
    text_wait_seconds: float = Field(2.5, ge=0, le=30, description="Quiet after a text before it is answered")
    text_wait_answer_seconds: float = Field(
        1.0, ge=0, le=30, description="The same when the text fully answers the open question"
    )
    text_wait_longest_seconds: float = Field(8, ge=0, le=60, description="Longest wait from the first text")
    order_expiry_hours: float = Field(48, gt=0, description="Hours until an order becomes VENCIDO")
    uncertain_grace_seconds: float = Field(
        90,
        ge=60,
        description="Wait for a status before the one resend of a send without answer (contract §6.2)",
    )

    @property
    def mark_key(self) -> bytes:
        """Key of the marks that deleted contacts leave (`contacts.marks`), derived from the app secret.

        With another app secret earlier marks are no longer recognised.
        """
        secret = self.whatsapp_app_secret.get_secret_value().encode()
        return hmac.digest(secret, b"openbot: marks of deleted contacts", "sha256")

    @property
    def own_host(self) -> str:
        """Where the processes of this machine reach the web process."""
        return "127.0.0.1" if self.host in ANYWHERE else self.host

    @property
    def believed(self) -> list[str]:
        """Addresses and networks whose X-Forwarded-For and -Proto count.

        Besides the trusted proxies this machine itself: a proxy may run here, and the panel's own calls name the
        device of whom they are for.
        """
        return list(dict.fromkeys(["127.0.0.1", "::1", self.own_host, *_listed(self.trusted_proxies)]))

    @classmethod
    def load(cls, **overrides: Any) -> Self:
        """Read the environment and `.env`; raises SettingsWrong naming each wrong variable."""
        try:
            return cls(**overrides)
        except ValidationError as wrong:
            raise SettingsWrong(problems=[_problem(cls, error) for error in wrong.errors()]) from None


def _problem(settings: type[Settings], error: Any) -> tuple[str, str]:
    field = str(error["loc"][0]) if error["loc"] else ""
    known = settings.model_fields.get(field)
    should_be = known.description if known and known.description else ""
    what = "is missing" if error["type"] == "missing" else error["msg"]
    return f"OPENBOT_{field.upper()}", f"{what}. It should be: {should_be}" if should_be else what
