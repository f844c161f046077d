"""Escaping: Markdown that shows exactly a given text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz.ui.escaping import escape_markdown, replace_surrogates

J = "\N{WORD JOINER}"  # invisible

# texts that Markdown, Streamlit or GitHub would change
TYPED = {
    "![x](https://e.org/a.png)": rf"\!\[x\](https:{J}//e.org/a.png)",
    "[x](http://e.org)": rf"\[x\](http:{J}//e.org)",
    ":material/home:": f":{J}material/home:",
    ":red[x] :smile:": rf":{J}red\[x\] :{J}smile:",
    "$x^2$": r"\$x\^2\$",
    "<b>b</b> &amp;": r"\<b\>b\</b\> \&amp;",
    "**b** _i_ ~~s~~ `c`": r"\*\*b\*\* \_i\_ \~\~s\~\~ \`c\`",
    "www.e.org WWW.e.org a@e.org": f"www{J}.e.org WWW{J}.e.org a@{J}e.org",
    "a -> b >= c -- d": rf"a -{J}\> b \>{J}= c -{J}- d",
    r"\*b\*": r"\\\*b\\\*",
    "a\n\n# b\n- c\u2028d": r"a \# b - c d",
    "| a | b |": r"\| a \| b \|",
    "learning_rate (10,4): 0.5…1 x₁": "learning_rate (10,4): 0.5…1 x₁",
}


@pytest.mark.parametrize("typed", TYPED)
def test_special_characters_are_escaped(typed):
    assert escape_markdown(typed) == TYPED[typed]


@given(st.text())
def test_nothing_is_lost_but_white_space(typed):
    shown = escape_markdown(typed).replace(J, "")
    unescaped = "".join(shown[i] for i in range(len(shown)) if not _escapes(shown, i))
    assert unescaped == " ".join(typed.replace(J, "").split()).strip() or J in typed


def _escapes(text, i):
    """Whether the backslash at ``i`` escapes the next character: an odd one of a sequence."""
    row = len(text[: i + 1]) - len(text[: i + 1].rstrip("\\"))
    return text[i] == "\\" and row % 2 == 1


def test_a_lone_surrogate_is_replaced():
    assert (
        replace_surrogates("a\ud800\udfffb😀")
        == "a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}b😀"
    )
    assert escape_markdown("\ud800").encode() == "\N{REPLACEMENT CHARACTER}".encode()
