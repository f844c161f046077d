"""What people typed, made fit to be shown: as text, not as the Markdown it may be."""

from __future__ import annotations

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_SURROGATES = re.compile("[\ud800-\udfff]")
_JOINER = "\N{WORD JOINER}"  # takes no room, and is no place to break a line

# Markdown's own marks; a backslash makes each a character like any other. An underscore inside a
# word is none.
_MARKS = re.compile(r"[\\`*\[\]<>$#~|{}!&^]|(?<!\w)_|_(?!\w)")

# What Streamlit and GitHub's Markdown look for when backslashes are read and gone: icons, emojis
# and colours behind a colon, addresses, arrows and such. A joiner parts what makes them up.
_LATER = re.compile(r":(?=\S)|@|(?<=www)(?=\.)|(?<=[<>~-])(?=[-=>])", re.IGNORECASE)


def replace_surrogates(text: str) -> str:
    """The text with a replacement character for each lone surrogate, which no UTF-8 can hold."""
    return _SURROGATES.sub(REPLACEMENT, text)


def escape_markdown(text: str) -> str:
    """Markdown, of one line, that shows just this text."""
    parted = _LATER.sub(rf"\g<0>{_JOINER}", replace_surrogates(" ".join(text.split())))
    return _MARKS.sub(r"\\\g<0>", parted)
