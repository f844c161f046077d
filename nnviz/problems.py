"""What is wrong with a field: a sentence made of field, rule and offender, and its error."""

from __future__ import annotations

from typing import Any


class Problem(str):
    """What is wrong with a field: a sentence that keeps the parts it is made of.

    ``field`` breaks ``rule``; ``offender`` is what it holds instead, in few words. The sentence
    is ``pattern`` with both filled in, and with ``subject``, what it calls the field. Rule and
    pattern are templates for ``values``, so that they can be translated where they are shown.
    """

    field: str
    rule: str
    offender: str
    subject: str
    pattern: str
    values: dict[str, Any]

    def __new__(
        cls,
        field: str,
        rule: str,
        offender: object,
        *,
        subject: str | None = None,
        pattern: str = "{subject} must be {rule}; got {offender}",
        **values: Any,
    ) -> Problem:
        subject = field_title(field) if subject is None else subject
        got, filled = short_text(offender), rule.format(**values)
        sentence = pattern.format(subject=subject, rule=filled, offender=got, **values)
        problem = super().__new__(cls, sentence)
        vars(problem).update(
            field=field, rule=rule, offender=got, subject=subject, pattern=pattern, values=values
        )
        return problem

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """For copies and pickles."""
        named = {"subject": self.subject, "pattern": self.pattern, **self.values}
        return (self.field, self.rule, self.offender), named

    def for_field(self, field: str, subject: str) -> Problem:
        """The same, of a part of another field."""
        return Problem(
            field, self.rule, self.offender, subject=subject, pattern=self.pattern, **self.values
        )


class RecipeError(ValueError):
    """One or more fields break their rule; ``problems`` maps a field to its problem."""

    def __init__(self, *problems: Problem):
        self.problems = {problem.field: problem for problem in problems}
        super().__init__(*problems)

    def __str__(self) -> str:
        return "; ".join(self.problems.values())


def field_title(name: str) -> str:
    """The field's name as people say it: ``learning_rate`` → ``learning rate``."""
    return name.replace("_", " ")


def field_error(name: str, rule: str, offender: object, **more: Any) -> RecipeError:
    """The error for one field; see :class:`Problem`."""
    return RecipeError(Problem(name, rule, offender, **more))


def short_text(offender: object) -> str:
    """The offender as text for a sentence, cut where it is long; see :func:`printable`."""
    try:
        text = str(offender)
    except ValueError:  # a whole number of thousands of digits
        text = "a number too long to print"
    except RecursionError:
        text = "something nested too deeply to print"
    text = printable(text[:81]) or "nothing"
    return text if len(text) <= 80 else text[:77] + "…"


def printable(text: str) -> str:
    """The text with escapes such as ``\\x1b`` in place of characters that cannot be seen.

    No terminal takes what comes out for a command, and UTF-8 can always hold it.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
