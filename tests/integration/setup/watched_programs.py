"""Runs toy programs as `openbot up` runs the real ones: watched_programs.py FOLDER PORT [KIND …]."""

import sys
from pathlib import Path

from openbot.errors import OpenbotError
from openbot.processes import watch
from openbot.supervision import Program

#: Listens, and has a child of its own that would outlive it.
SERVER = """
import http.server, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("child", child.pid)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
#: Does not end at SIGTERM.
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
BROKEN = "import sys; sys.exit('no luck')"


def program(kind: str, port: int) -> Program:
    match kind:
        case "server":
            command = (sys.executable, "-c", SERVER, str(port))
            return Program(name="server", command=command, port=port, setting="TOY_PORT", health="/")
        case "stubborn":
            return Program(name="stubborn", command=(sys.executable, "-c", STUBBORN), stop_seconds=0.5)
        case _:
            return Program(name="broken", command=(sys.executable, "-c", BROKEN), port=port + 1)


if __name__ == "__main__":
    folder, port, *kinds = sys.argv[1:]
    try:
        sys.exit(watch([program(kind, int(port)) for kind in kinds], folder=Path(folder), banner="all up"))
    except OpenbotError as error:
        sys.exit(str(error))
