"""A file's bytes as text: byte order mark, else strict UTF-8, else the most likely encoding."""

from __future__ import annotations

import codecs
from contextlib import suppress
from dataclasses import dataclass

from .errors import TableError

MOST_BYTES = 5_000_000

UNKNOWN = "cp1252"  # Western Europe: where nothing else is more likely, every byte has a character

# encodings to choose from; the first that fits is taken
ENCODINGS = {
    "utf-8": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16, little endian",
    "utf-16-be": "UTF-16, big endian", "cp1252": "Western European (Windows)",
    "latin-1": "Western European (ISO 8859-1)", "cp1250": "Central European (Windows)",
    "cp1251": "Cyrillic (Windows)", "mac-roman": "Western European (Mac)",
    "shift-jis": "Japanese (Shift JIS)", "gb18030": "Chinese (GB 18030)",
}  # fmt: skip

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
_GUESSED_FROM = 100_000  # bytes

# how files begin that are not text, whatever their name
_SIGNATURES = {
    b"II*\x00": "a picture (TIFF)", b"MM\x00*": "a picture (TIFF)",
    b"\x89PNG": "a picture (PNG)", b"\xff\xd8\xff": "a picture (JPEG)", b"GIF8": "a picture (GIF)",
    b"RIFF": "a picture, a sound or a film (RIFF)", b"%PDF": "a PDF document",
    b"\x1f\x8b": "a compressed file (gzip)", b"PK\x03\x04": "a ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls): save it as .xlsx or .csv",
    b"SQLite format 3": "a database (SQLite)", b"PAR1": "a Parquet file",
    b"\x7fELF": "a program", b"MZ\x90": "a program", b"BM": "a picture (BMP)",
}  # fmt: skip
_WRONG = "this is neither a table of text (.csv) nor a workbook (.xlsx) but {kind}"
_ZEROS = 0.01  # the share of zero bytes from which on a file is no text
# control characters that no text has: all but tab, line feed, form feed and carriage return
_CONTROL = bytes([*range(1, 9), 11, *range(14, 32)])
_ODD = 0.01  # their share


@dataclass(frozen=True)
class Decoded:
    """The text of a file, without a byte order mark, and its encoding."""

    text: str
    encoding: str


def decode(content: bytes, encoding: str | None = None) -> Decoded:
    """The text of a file; ``encoding`` overrides what would be found.

    Raises :class:`TableError` for an empty or too long file, one that is no text, and for text
    that this encoding cannot hold.
    """
    check_size(len(content))
    if not content.strip(b" \t\r\n\x00"):
        raise TableError("the file is empty")
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    if not marked:
        _refuse_binary(content)
    if encoding is not None:
        return _by(content, encoding, marked)
    for name in filter(None, (marked, _without_mark(content), "utf-8")):
        try:
            return Decoded(content.decode(name), name.removesuffix("-sig"))
        except UnicodeDecodeError:
            continue
    return _guessed(content)


def check_size(size: int) -> None:
    """Raise :class:`TableError` for a file of too many bytes."""
    if size > MOST_BYTES:
        most = f"{MOST_BYTES / 1e6:g} MB"
        raise TableError(f"the file has {size / 1e6:.1f} MB, and {most} is the most")


def _refuse_binary(content: bytes) -> None:
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            if signature == b"BM" and b"\x00" not in content[:64]:
                continue  # a text that begins with these letters
            raise TableError(_WRONG.format(kind=kind))
    n_odd = len(content) - len(content.translate(None, _CONTROL))
    is_binary = content.count(b"\x00") > _ZEROS * len(content) or n_odd > _ODD * len(content)
    if is_binary and not _without_mark(content):
        raise TableError(_WRONG.format(kind="a binary file"))


def _without_mark(content: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of Western text is zero."""
    start = content[:1000]
    even, odd = start[::2], start[1::2]
    if odd and odd.count(0) > 0.7 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if even and even.count(0) > 0.7 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return None


def _by(content: bytes, encoding: str, marked: str | None) -> Decoded:
    if encoding not in ENCODINGS:
        raise TableError(f"the encoding must be one of {', '.join(ENCODINGS)}; got {encoding}")
    name = marked if marked and marked.startswith(encoding) else encoding
    try:
        return Decoded(content.decode(name), encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableError(
            f"byte {error.start + 1} is not {ENCODINGS[encoding]}: choose another encoding",
            line=line,
        ) from None


def _guessed(content: bytes) -> Decoded:
    likely = _most_likely(content[:_GUESSED_FROM])
    texts = {}
    for name in (likely, UNKNOWN, "latin-1"):
        with suppress(UnicodeDecodeError):
            texts[name] = content.decode(name)
    if texts.get(likely) == texts.get(UNKNOWN, ""):
        return Decoded(texts[UNKNOWN], UNKNOWN)  # the more usual of two names
    name, text = next(iter(texts.items()))  # every byte is a character of Latin-1
    return Decoded(text, name)


def _most_likely(start: bytes) -> str:
    try:
        from charset_normalizer import from_bytes
    except ImportError:  # in a browser
        return UNKNOWN
    best = from_bytes(start, cp_isolation=list(ENCODINGS)[4:]).best()
    return best.encoding.replace("_", "-") if best else UNKNOWN
