"""The kill matrix: every gap between two commits on the way of a message, and who repairs it (architecture §6)."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One line of the matrix: one name of `crash_at`, one test on each database."""

    name: str
    #: what the killed process was doing: receive, answer, answer at once, away, send, expire, fetch, refuse, remove,
    #: send a file
    step: str
    on_disk: str
    repaired_by: str
    repeats: bool = True  #: whether the repair comes through this gap again, and can be killed there again
    may_double: bool = False  #: the one window that WhatsApp leaves open
    may_fail: bool = False  #: killed twice here nobody can know whether it went out: a person sees it


GAPS = (
    Gap(
        name="webhook stored, not committed",
        step="receive",
        on_disk="nothing",
        repaired_by="WhatsApp, who got no 200 and sends the webhook again",
    ),
    Gap(
        name="webhook committed, not answered",
        step="receive",
        on_disk="message due, order open",
        repaired_by="nobody needs to: the repeated webhook meets the unique key",
    ),
    Gap(
        name="turn claimed, not committed",
        step="answer",
        on_disk="message due",
        repaired_by="the next worker's look",
    ),
    Gap(
        name="turn claimed",
        step="answer",
        on_disk="turn claimed, its messages frozen into it",
        repaired_by="any worker when the lease ends: the same turn again",
    ),
    Gap(
        name="action ran, not committed",
        step="answer",
        on_disk="turn claimed; nothing of the action",
        repaired_by="any worker when the lease ends: the action runs for the first time",
    ),
    Gap(
        name="action committed, not answered",
        repeats=False,
        step="answer",
        on_disk="turn claimed; the order's change beside the action's recorded answer",
        repaired_by="any worker when the lease ends: the repeated call gets the recorded answer, nothing runs twice",
    ),
    Gap(
        name="turn answered, not stored",
        step="answer",
        on_disk="turn claimed; what its actions did; the old dialogue",
        repaired_by="any worker when the lease ends: the same turn again, over the same dialogue",
    ),
    Gap(
        name="turn stored, not committed",
        step="answer",
        on_disk="as before",
        repaired_by="as before",
    ),
    Gap(
        name="turn stored",
        repeats=False,
        step="answer",
        on_disk="turn answered, new dialogue, replies queued",
        repaired_by="any sender's next look",
    ),
    Gap(
        name="turn stored and released, not sent",
        repeats=False,
        step="answer at once",
        on_disk="turn answered, new dialogue, first reply released; WhatsApp never saw it",
        repaired_by="as «released, not sent»",
    ),
    Gap(
        name="turn failed, not put off",
        step="away",
        on_disk="turn claimed",
        repaired_by="any worker when the lease ends",
    ),
    Gap(
        name="released, not committed",
        step="send",
        on_disk="message queued",
        repaired_by="any sender's next look",
    ),
    Gap(
        name="released, not sent",
        step="send",
        on_disk="message released; WhatsApp never saw it",
        repaired_by="any sender: uncertain when the lease ends, sent again after the grace (90 s)",
        may_fail=True,
    ),
    Gap(
        name="sent, not settled",
        step="send",
        on_disk="message released; the customer has it",
        repaired_by="its status, found by our mark; without one, sent again once after the grace",
        may_double=True,
    ),
    Gap(
        name="settled, not committed",
        step="send",
        on_disk="as before",
        repaired_by="as before",
        may_double=True,
    ),
    Gap(
        name="settled",
        repeats=False,
        step="send",
        on_disk="message accepted",
        repaired_by="nobody needs to",
    ),
    Gap(
        name="expired, not committed",
        step="expire",
        on_disk="order open, past its time",
        repaired_by="any worker's next look (10 s)",
    ),
    Gap(
        name="expired",
        step="expire",
        on_disk="order VENCIDO, one line of history",
        repaired_by="nobody needs to",
    ),
    Gap(
        name="file claimed, not committed",
        step="fetch",
        on_disk="file pending",
        repaired_by="the next worker's look",
    ),
    Gap(
        name="file claimed",
        step="fetch",
        on_disk="file pending, the key of its place in the store beside it",
        repaired_by="any worker when the lease ends (10 min; at once when the holder is dead)",
    ),
    Gap(
        name="file fetched, not kept",
        step="fetch",
        on_disk="as before; the bytes in a temporary file, which the next worker's start removes after an hour",
        repaired_by="as before",
    ),
    Gap(
        name="file kept, not noted",
        step="fetch",
        on_disk="file pending; its bytes in the store, under its key",
        repaired_by="as before: the same place is written again",
    ),
    Gap(
        name="file noted, not committed",
        step="fetch",
        on_disk="as before",
        repaired_by="as before",
    ),
    Gap(
        name="file noted",
        step="fetch",
        repeats=False,
        on_disk="file stored",
        repaired_by="nobody needs to",
    ),
    Gap(
        name="file given up, not committed",
        step="refuse",
        on_disk="file pending",
        repaired_by="any worker when the lease ends: refused again, the customer told once",
    ),
    Gap(
        name="file removed, not noted",
        step="remove",
        on_disk="file gone; nothing of it in the store",
        repaired_by="any worker when the lease ends: removed again, which does no harm",
    ),
    Gap(
        name="file uploaded, not noted",
        step="send a file",
        on_disk="message released; WhatsApp has its file under an id that nobody knows",
        repaired_by="as «released, not sent»; the file is uploaded again",
        may_fail=True,
    ),
    Gap(
        name="file uploaded, not sent",
        step="send a file",
        repeats=False,
        on_disk="message released; its file at WhatsApp, the id beside it",
        repaired_by="as «released, not sent»; nothing is uploaded again",
        may_fail=True,
    ),
)


def table() -> str:
    """The matrix for docs/architecture.md."""
    lines = ["| killed at | on disk | repaired by |", "|---|---|---|"]
    lines += [f"| {gap.name} | {gap.on_disk} | {gap.repaired_by} |" for gap in GAPS]
    return "\n".join(lines)
