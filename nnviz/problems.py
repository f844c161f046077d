"""Validation problems: sentences that name the field, its rule and the offending value."""

from __future__ import annotations

from typing import Any


class Problem(str):
    """A sentence about an invalid field, together with the parts it is made of.

    ``rule`` says what ``field`` must be, ``offender`` is a short text of the value it has.
    ``pattern`` is the template of the sentence, in which ``subject`` names the field. ``values``
    fill the placeholders of rule and pattern, so that both can be translated before they are
    filled.
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
        """Arguments of ``__new__``, for copies and pickles."""
        named = {"subject": self.subject, "pattern": self.pattern, **self.values}
        return (self.field, self.rule, self.offender), named

    def for_field(self, field: str, subject: str) -> Problem:
        """The same problem, reported for another field."""
        return Problem(
            field, self.rule, self.offender, subject=subject, pattern=self.pattern, **self.values
        )


class RecipeError(ValueError):
    """One or more fields are invalid; ``problems`` maps each of them to its problem."""

    def __init__(self, *problems: Problem):
        self.problems = {problem.field: problem for problem in problems}
        super().__init__(*problems)

    def __str__(self) -> str:
        return "; ".join(self.problems.values())


def field_title(name: str) -> str:
    """The name of a field for use in a sentence: ``learning_rate`` → ``learning rate``."""
    return name.replace("_", " ")


def field_error(name: str, rule: str, offender: object, **more: Any) -> RecipeError:
    """The error for one field; arguments as of :class:`Problem`."""
    return RecipeError(Problem(name, rule, offender, **more))


def short_text(offender: object) -> str:
    """The offender as :func:`printable` text, at most 80 characters long."""
    try:
        text = str(offender)
    except ValueError:  # an integer of thousands of digits
        text = "a number too long to print"
    except RecursionError:
        text = "something nested too deeply to print"
    text = printable(text[:81]) or "nothing"
    return text if len(text) <= 80 else text[:77] + "…"


def printable(text: str) -> str:
    """The text with escapes such as ``\\x1b`` in place of unprintable characters.

    The result holds no control characters for a terminal and can be encoded as UTF-8.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
