"""Runs toy programs as `openbot up` runs the real ones: watched_programs.py FOLDER PORT [KIND …]."""

import sys
from pathlib import Path

from openbot.errors import OpenbotError
from openbot.processes import watch
from openbot.program import Program

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
#: Has no port; its sign of life is the file.
BEATING = """
import os, pathlib, time
while True:
    pathlib.Path(os.environ["OPENBOT_HEARTBEAT_FILE"]).touch()
    time.sleep(0.05)
"""
#: Listens, and answers nobody.
MUTE = """
import socket, sys, time
with socket.create_server(("127.0.0.1", int(sys.argv[1]))):
    time.sleep(600)
"""
#: Answers, but not well: its database is away.
SICK = """
import http.server, pathlib, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503 if pathlib.Path(sys.argv[2], "sick").exists() else 200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
#: Looks often, so that a test need not wait.
HURRY = {"look_seconds": 0.1, "answer_seconds": 0.3, "misses": 3}


def program(kind: str, port: int, folder: str) -> Program:
    match kind:
        case "server":
            command = (sys.executable, "-c", SERVER, str(port))
            return Program(name="server", command=command, port=port, setting="TOY_PORT", health="/", **HURRY)
        case "beating":
            return Program(name="beating", command=(sys.executable, "-c", BEATING), beats=True, **HURRY)
        case "mute":
            command = (sys.executable, "-c", MUTE, str(port))
            return Program(name="mute", command=command, port=port, health="/", start_seconds=0.5, **HURRY)
        case "sick":
            command = (sys.executable, "-c", SICK, str(port), folder)
            return Program(name="sick", command=command, port=port, health="/", **HURRY)
        case "stubborn":
            return Program(name="stubborn", command=(sys.executable, "-c", STUBBORN), stop_seconds=0.5)
        case _:
            return Program(name="broken", command=(sys.executable, "-c", BROKEN), port=port + 1)


if __name__ == "__main__":
    folder, port, *kinds = sys.argv[1:]
    try:
        sys.exit(
            watch([program(kind, int(port), folder) for kind in kinds], folder=Path(folder), banner="all up")
        )
    except OpenbotError as error:
        sys.exit(str(error))
