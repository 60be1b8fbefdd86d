"""Interactive messages of the business and their hard limits (contract §5.3). Pure."""

from .graph_errors import GraphError
from .limits import Fields, unique

BODY = 1024
LIST_BODY = 4096
SHORT = 20
ROWS = 10
PRODUCTS = 30
#: type → (body's longest text, body required, header allowed, footer allowed)
PARTS = {
    "button": (BODY, True, True, True),
    "list": (LIST_BODY, True, True, True),
    "cta_url": (BODY, True, True, True),
    "location_request_message": (BODY, True, False, False),
    "request_contact_info": (BODY, True, False, False),
    "catalog_message": (BODY, True, False, True),
    "product": (BODY, False, False, True),
    "product_list": (BODY, True, True, True),
    "flow": (BODY, True, True, True),
}


def check(interactive: Fields) -> tuple[str, Fields] | None:
    """Refuse what Meta refuses; return the header's medium (kind, object), to be looked up."""
    kind = interactive.choice("type", list(PARTS))
    longest, body_required, header_allowed, footer_allowed = PARTS[kind]
    if body_required or interactive.has("body"):
        _only_text(interactive.inner("body"), longest)
    if interactive.has("footer"):
        _allowed(footer_allowed, kind, "footer")
        _only_text(interactive.inner("footer"), 60)
    medium = None
    if interactive.has("header"):
        _allowed(header_allowed, kind, "header")
        medium = _header(interactive.inner("header"), text_only=kind in {"list", "product_list"})
    elif kind == "product_list":
        raise GraphError(131008, "The parameter interactive['header'] is required.")
    action = interactive.inner("action")
    _action(kind, action)
    action.no_more()
    interactive.no_more()
    return medium


def _action(kind: str, action: Fields) -> None:
    match kind:
        case "button":
            _buttons(action)
        case "list":
            _list(action)
        case "cta_url":
            _cta(action)
        case "location_request_message":
            action.choice("name", ["send_location"])
        case "request_contact_info":
            action.choice("name", ["request_contact_info"])
        case "flow":
            _flow(action)
        case _:
            _catalogue(action, kind)


def _allowed(yes: bool, kind: str, part: str) -> None:  # noqa: FBT001 - the table's own flag
    if not yes:
        raise GraphError(131009, f"An interactive message of type {kind} has no {part}.")


def _only_text(part: Fields, longest: int) -> None:
    part.text("text", longest=longest)
    part.no_more()


def _header(header: Fields, *, text_only: bool) -> tuple[str, Fields] | None:
    kind = header.choice("type", ["text"] if text_only else ["text", "image", "video", "document"])
    medium = None
    if kind == "text":
        header.text("text", longest=60)
    else:
        medium = (kind, header.inner(kind))
    header.no_more()
    return medium


def _buttons(action: Fields) -> None:
    ids: list[str] = []
    titles: list[str] = []
    for button in action.objects("buttons", low=1, high=3):
        button.choice("type", ["reply"])
        reply = button.inner("reply")
        ids.append(reply.text("id", longest=256))
        titles.append(reply.text("title", longest=SHORT))
        if ids[-1] != ids[-1].strip():
            raise GraphError(131009, "Button id must not begin or end with a space.")
        reply.no_more()
        button.no_more()
    unique(ids, what="Button ids")
    unique(titles, what="Button titles")


def _list(action: Fields) -> None:
    action.text("button", longest=SHORT)
    sections = action.objects("sections", low=1, high=10)
    ids: list[str] = []
    for section in sections:
        section.text("title", longest=24, required=len(sections) > 1)
        for row in section.objects("rows", low=1, high=ROWS):
            ids.append(row.text("id", longest=200))
            row.text("title", longest=24)
            row.text("description", longest=72, required=False)
            row.no_more()
        section.no_more()
    if len(ids) > ROWS:
        raise GraphError(
            131009, f"Total row count exceeds the maximum allowed count of {ROWS}; it is {len(ids)}."
        )
    unique(ids, what="Row ids")


def _cta(action: Fields) -> None:
    action.choice("name", ["cta_url"])
    parameters = action.inner("parameters")
    parameters.text("display_text", longest=SHORT)
    if not parameters.text("url").startswith(("https://", "http://")):
        raise GraphError(131009, "Param url must be an http or https address.")
    parameters.no_more()


def _flow(action: Fields) -> None:
    action.choice("name", ["flow"])
    parameters = action.inner("parameters")
    parameters.choice("flow_message_version", ["3"])
    if parameters.has("flow_id") == parameters.has("flow_name"):
        raise GraphError(131009, "Exactly one of flow_id and flow_name is required.")
    parameters.text("flow_cta", longest=SHORT)
    parameters.ignore("flow_token", "mode", "flow_action", "flow_action_payload")
    parameters.no_more()


def _catalogue(action: Fields, kind: str) -> None:
    if kind == "catalog_message":
        action.choice("name", ["catalog_message"])
        action.ignore("parameters")
        return
    action.text("catalog_id")
    if kind == "product":
        action.text("product_retailer_id")
        return
    products = 0
    for section in action.objects("sections", low=1, high=10):
        section.text("title", longest=24)
        for item in section.objects("product_items", low=1, high=PRODUCTS):
            item.text("product_retailer_id")
            item.no_more()
            products += 1
        section.no_more()
    if products > PRODUCTS:
        raise GraphError(131009, f"At most {PRODUCTS} products; there are {products}.")
