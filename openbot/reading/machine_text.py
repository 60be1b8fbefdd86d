"""Text that no person wrote as a sentence: commands, JSON, SQL, HTML, links. Its figures mean nothing here."""

import re

_MACHINE = re.compile(
    r"""^\s*[/／\\]\s*[a-z_]{2,} (?=\s*[{(\[]|\s*$|_)     # /confirm_order{…}
    | [{\[]\s*["'][^"'\n]{0,60}["']\s*[:,\]}] | ["']\s*:\s*["'\d{\[]   # {"order": "1"}
    | [{}] | \$\( | `
    | </?[a-z!][^<>\n]{0,200}>
    | \b(?:select\b.{1,80}\bfrom|drop\s+(?:table|database)|insert\s+into|delete\s+from|union\s+(?:all\s+)?select
        |update\s+\w+\s+set|alter\s+table|truncate\s+table)\b
    | ['"]\s*(?:or|and)\s+['"]?\d+['"]?\s*=\s*['"]?\d | ['"]\s*;\s*(?:--|drop\b)
    | \b(?:javascript|data)\s*:\s*[a-z]+\s*[/(] | \b\w+\s*\(\s*['"]""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_LINK = re.compile(
    r"\b(?:https?|ftp)\s*://\S*|\bwww\.\S+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:com|net|org|ar|gl|io|me|app|ly|link|gob|info)\b(?:/\S*)?",
    re.IGNORECASE,
)


def is_machine_text(cleaned: str) -> bool:
    """Tell whether a text is a command, JSON, SQL or HTML rather than a sentence."""
    return _MACHINE.search(cleaned) is not None


def without_links(cleaned: str) -> str:
    """Blank links and mail addresses out; the text keeps its length, so that places in it stay."""
    return _LINK.sub(lambda found: " " * len(found.group()), cleaned)
