"""``nnviz site``: write the page without a server, to be put on any web space."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import output
from .errors import Failure
from .parser import Parser

EXAMPLES = """
    nnviz site -o public/
    nnviz site -o public/ --pyodide ~/Downloads/pyodide

    Any web server sends the folder as it is: python -m http.server -d public
"""


def add(parser: Parser) -> None:
    parser.add_argument(
        "-o", "--out", dest="o", metavar="FOLDER", required=True,
        help="Where to write; a site that is there is replaced.",
    )  # fmt: skip
    parser.add_argument(
        "--pyodide", metavar="FOLDER|URL",
        help="Where Pyodide's files are; by default its official distribution on the Internet.",
    )  # fmt: skip


def run(args: argparse.Namespace) -> None:
    from ..site import pyodide
    from ..site.build import BuildError, build

    try:
        size = build(Path(args.o), args.pyodide or pyodide.OFFICIAL)
    except (BuildError, pyodide.SourceError) as error:
        raise Failure(str(error)) from None
    output.notify(f"wrote the site to {args.o} ({size / 1e6:.1f} MB)")
