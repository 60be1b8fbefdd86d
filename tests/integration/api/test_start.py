"""The web process begins to listen before it loads what only few calls need."""

import subprocess
import sys

#: Seconds of import; the webhook would wait for them.
SLOW = {"pandas", "numpy", "pyarrow", "fpdf", "fontTools", "xlsxwriter", "streamlit"}


def test_what_few_calls_need_is_imported_by_those_calls():
    program = f"import sys; from api import app; app._routes();print(*sorted({SLOW!r} & set(sys.modules)))"
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-W", "ignore", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == []


def test_what_stays_for_ever_is_not_looked_through_for_garbage():
    figures = "gc.get_freeze_count(), len(gc.get_objects())"
    program = f"import gc; from api import screens; screens._warm_up(); print({figures})"
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-W", "ignore", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    left_out, looked_through = map(int, done.stdout.split())
    assert left_out > 10 * looked_through
