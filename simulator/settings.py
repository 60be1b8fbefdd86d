"""What the simulator is told before it starts: flags, else SIMULATOR_* variables, else these defaults."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Who the simulated business is and where its webhook listens."""

    host: str = "127.0.0.1"
    port: int = 9000
    #: Where webhooks are posted (and where POST /sim/verify does the handshake).
    webhook_url: str = "http://127.0.0.1:8000/whatsapp/webhook"
    #: Key of X-Hub-Signature-256.
    app_secret: str = "simulator-app-secret"  # noqa: S105 - protects nothing, the simulator is a toy of one machine
    #: The only bearer token that the Graph side accepts.
    access_token: str = "simulator-access-token"  # noqa: S105 - as above
    verify_token: str = "simulator-verify-token"  # noqa: S105 - as above
    phone_number_id: str = "106540352242922"
    waba_id: str = "102290129340398"
    display_phone: str = "+5491136943434"
    #: The name at the top of every phone.
    business_name: str = "Distribuidora"
    #: Where the free tier's month starts.
    time_zone: str = "America/Argentina/Buenos_Aires"
    #: How many of the demo's customers are there from the start (up to 3).
    demo_customers: int = 0

    @property
    def public_url(self) -> str:
        """Base of the media addresses that webhooks carry."""
        return f"http://{self.host}:{self.port}"


def read(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Read the settings; a wrong flag or port ends the program with argparse's own sentence."""
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    for field in fields(Settings):
        parser.add_argument(
            f"--{field.name.replace('_', '-')}",
            type=int if field.type is int else str,
            default=environment.get(f"SIMULATOR_{field.name.upper()}", "").strip() or field.default,
            help=f"default: {field.default}",
        )
    return Settings(**vars(parser.parse_args(arguments)))
