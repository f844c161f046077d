"""Tables of text and numbers as HTML."""

from nnviz.ui.html_table import html_table


def test_names_of_rows_and_columns_are_headings_and_all_text_is_text():
    shown = html_table('a "b"', ["<i>", "y"], ["<b>&"], [["1"], ["<script>"]])
    assert 'aria-label="a &quot;b&quot;"' in shown
    assert '<th scope="col">&lt;b&gt;&amp;</th>' in shown
    assert '<tr><th scope="row">&lt;i&gt;</th><td>1</td></tr>' in shown
    assert "<td>&lt;script&gt;</td>" in shown
