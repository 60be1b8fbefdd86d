"""The errors of the Graph API (contract §6.1-6.2): titles, HTTP status, and their two JSON shapes."""

from secrets import token_urlsafe
from typing import Any

#: code → title, as Meta writes them.
TITLES = {
    0: "AuthException",
    1: "An unknown error occurred",
    2: "Service temporarily unavailable",
    3: "API Method",
    4: "Application request limit reached",
    10: "Permission denied",
    100: "Invalid parameter",
    104: "Incorrect signature",
    190: "Invalid OAuth access token - Cannot parse access token",
    200: "Permissions error",
    368: "Temporarily blocked for policies violations",
    80007: "Rate limit issues",
    130403: "Business blocked this user",
    130429: "Rate limit hit",
    130472: "User's number is part of an experiment",
    131000: "Something went wrong",
    131005: "Access denied",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131016: "Service unavailable",
    131021: "Recipient cannot be sender",
    131026: "Message undeliverable",
    131030: "Recipient phone number not in allowed list",
    131031: "Business Account locked",
    131037: "Display name is not approved",
    131042: "Business eligibility payment issue",
    131045: "Incorrect certificate",
    131047: "Re-engagement message",
    131048: "Spam rate limit hit",
    131049: "Message not delivered to maintain healthy ecosystem engagement",
    131050: "User has stopped marketing messages",
    131051: "Unsupported message type",
    131052: "Media download error",
    131053: "Media upload error",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
    131057: "Account in maintenance mode",
    131062: "Business-scoped user id not supported",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132012: "Parameter format does not match format in the created template",
    132015: "Template is paused",
    132016: "Template is disabled",
    133010: "Phone number not registered",
}
DETAILS = {
    131047: "Message failed to send because more than 24 hours have passed"
    " since the customer last replied to this number.",
    131026: "Message Undeliverable.",
    131030: "Recipient phone number not in allowed list: add it to the list and try again.",
    131056: "Message failed to send because there were too many messages sent from this phone number"
    " to the same phone number in a short period of time.",
    130429: "Message failed to send because there were too many messages sent from this phone number"
    " in a short period of time.",
    190: "Error validating access token.",
}
STATUSES = {
    0: 401,
    1: 500,
    2: 503,
    10: 403,
    190: 401,
    200: 403,
    368: 403,
    131000: 500,
    131005: 403,
    131016: 503,
    131031: 403,
}
#: These come as a `failed` status after a 200.
LATER = frozenset({131026, 131047, 131049})


class GraphError(Exception):
    """The Graph refuses a call."""

    def __init__(
        self, code: int, details: str = "", *, status: int | None = None, subcode: int | None = None
    ) -> None:
        self.code = code
        self.title = TITLES.get(code, "Unknown error")
        self.details = details or DETAILS.get(code, self.title)
        self.status = status or STATUSES.get(code, 400)
        self.subcode = subcode
        super().__init__(f"(#{code}) {self.details}")

    def answer(self) -> dict[str, Any]:
        """Return the body of the refused call."""
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {self.details if self.code == 100 else self.title}",  # noqa: PLR2004 - Meta's 100
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
            "fbtrace_id": "A" + token_urlsafe(16),
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.code in {2, 131016}:
            error["is_transient"] = True
        return {"error": error}


def in_webhook(code: int) -> dict[str, Any]:
    """Return the error in the form that webhooks carry."""
    error = GraphError(code)
    return {
        "code": code,
        "title": error.title,
        "message": error.title,
        "error_data": {"details": error.details},
        "href": "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes",
    }
