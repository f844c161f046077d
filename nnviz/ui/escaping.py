"""Escaping of text that users typed, so that Markdown shows it as it is."""

from __future__ import annotations

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_SURROGATES = re.compile("[\ud800-\udfff]")
_JOINER = "\N{WORD JOINER}"  # invisible, and prevents a line break

# Markdown's special characters, escaped by a backslash. An underscore inside a word is not special.
_MARKS = re.compile(r"[\\`*\[\]<>$#~|{}!&^]|(?<!\w)_|_(?!\w)")

# What Streamlit and GitHub's Markdown replace after backslashes are removed: icons, emojis and
# colours after a colon, addresses, arrows and the like. A word joiner in between prevents it.
_REPLACED_LATER = re.compile(r":(?=\S)|@|(?<=www)(?=\.)|(?<=[<>~-])(?=[-=>])", re.IGNORECASE)


def replace_surrogates(text: str) -> str:
    """The text with lone surrogates, which UTF-8 cannot encode, replaced by U+FFFD."""
    return _SURROGATES.sub(REPLACEMENT, text)


def escape_markdown(text: str) -> str:
    """One line of Markdown that shows exactly this text."""
    joined = _REPLACED_LATER.sub(rf"\g<0>{_JOINER}", replace_surrogates(" ".join(text.split())))
    return _MARKS.sub(r"\\\g<0>", joined)
