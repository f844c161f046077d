"""``nnviz files``: write the page's files to a folder, for a web server in front of the app."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import output
from .parser import Parser

EXAMPLES = """
    nnviz files /srv/nnviz
    nnviz files site

    Each file is there as it is, and compressed as .gz and .br. Write them again after every update.
    assets/nginx.conf is a configuration of nginx for them.
"""


def add(parser: Parser) -> None:
    parser.add_argument("folder", metavar="FOLDER", help="Where to write; made if it is not there.")


def run(args: argparse.Namespace) -> None:
    from ..ui import page_files

    count = page_files.write(Path(args.folder))
    output.notify(f"wrote {count} files below {args.folder}")
