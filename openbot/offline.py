"""Settings for what does not talk to WhatsApp: its secrets may be missing."""

from openbot.settings import Settings

_NOTHING = "-" * 16


def offline_settings() -> Settings:
    """Read the settings but those of WhatsApp; raises SettingsWrong for the others."""
    return Settings.load(
        whatsapp_phone_number_id="00000",
        whatsapp_access_token=_NOTHING,
        whatsapp_app_secret=_NOTHING,
        whatsapp_verify_token=_NOTHING,
    )
