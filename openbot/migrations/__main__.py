"""`python -m openbot.migrations "add floor to address"`: write the migration that the changed tables ask for.

Compares `openbot/schema.py` with a fresh database that has all migrations so far, then writes
`versions/NNNN_add_floor_to_address.py`; read it before you commit it. `--initial` writes 0001 anew instead
(only while no installation exists).
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

from alembic import command

from openbot.migrations import HERE, configuration, engine_of, migrate


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m openbot.migrations", description=__doc__)
    parser.add_argument("message", help="what changes, in a few words")
    parser.add_argument("--initial", action="store_true", help="write the first migration anew")
    options = parser.parse_args()
    versions = HERE / "versions"
    if options.initial:
        for old in versions.glob("*.py"):
            old.unlink()
    number = len(list(versions.glob("*.py"))) + 1
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'fresh.db'}"
        migrate(url)
        with engine_of(url).connect() as connection:
            config = configuration(connection=connection)
            config.set_main_option("file_template", f"{number:04}_%%(slug)s")
            command.revision(config, message=options.message, autogenerate=True, rev_id=f"{number:04}")
    written = next(versions.glob(f"{number:04}_*.py"))
    # Alembic leaves unused lines and its markers; the formatter does the rest.
    source = re.sub(r"\n +# (###|end).*", "", written.read_text(encoding="utf-8"))
    written.write_text(source, encoding="utf-8")
    sys.stdout.write(f"{written}\n")


if __name__ == "__main__":
    main()
