"""Named points between two commits, where a test may end the process as a power cut would (kill matrix)."""

import os
import signal

_CRASH_AT = os.environ.get("OPENBOT_TEST_CRASH_AT", "")


def crash_at(name: str) -> None:
    """End this process at once, without clean-up, if a test named this point in OPENBOT_TEST_CRASH_AT."""
    if name == _CRASH_AT:
        os.kill(os.getpid(), signal.SIGKILL)
