"""The page script: widgets and URL to a recipe, and the recipe to the stage."""

from __future__ import annotations

import streamlit as st

from nnviz.recipe import FIELDS, Recipe
from nnviz.ui import choices, controls, panels, stage


def main() -> None:
    """``recipe`` is what is asked for; ``known`` is it as far as the stage has said when.

    They differ after a setting was changed in the middle of a run, until the stage has told at
    which epoch that was; panels show the run that is known.
    """
    st.set_page_config("nnviz: neural networks, live", stage.ICON, "wide")
    state = st.session_state
    if _url_was_changed():
        state.recipe, state.problems = Recipe.salvage_query(st.query_params.to_dict())
        state.known = state.recipe
        choices.load(state.recipe)
    chosen = choices.chosen(state.recipe)
    if chosen != state.recipe.folded():
        if not chosen.goes_on_from(state.recipe):
            state.known = chosen
        state.recipe, state.problems = chosen, {}
    params = state.recipe.to_params()
    if st.query_params.to_dict() != params:
        st.query_params.from_dict(params)
    state.written, state.reported = params, False

    if state.problems:
        _say_what_was_wrong(state.problems)
    stage.show(
        state.recipe, on_recipe=_adopt_recipe, on_seed=_adopt_seed, on_settings=_adopt_settings,
        on_moment=_adopt_moment, follow=panels.opened() is not None,
        sample=panels.sample(state.known),
    )  # fmt: skip
    with st.sidebar:  # after the stage, which starts while the widgets are drawn
        controls.draw(state.recipe)
    panels.draw(state.known, on_change=_keep_the_recipe)


def _url_was_changed() -> bool:
    """Whether this run is a first visit, a link, or Back.

    A run that a widget or the stage asked for can still carry the URL from before the last
    answer reached the browser; what was asked for counts then, not that URL.
    """
    state = st.session_state
    if "written" not in state:
        return True
    if st.query_params.to_dict() == state.written or state.reported:
        return False
    return choices.chosen(state.recipe) == state.recipe.folded()


def _say_what_was_wrong(problems: dict[str, str]) -> None:
    """One box for all, that scrolls where they are many, so that the stage stays in view."""
    lines = [
        f"- {problem}. " + ("The default is used." if field in FIELDS else "It is left out.")
        for field, problem in problems.items()
    ]
    with st.container(height="content" if len(lines) == 1 else 110, border=False):
        st.warning("\n".join(lines), icon=":material/link_off:")


def _adopt_recipe() -> None:
    """The stage knows at which epoch a setting was changed; the URL is to say so too."""
    state = st.session_state
    state.reported = True
    reported = Recipe.from_json(state[stage.KEY].recipe)
    if reported.folded() == state.recipe.folded():
        state.recipe = state.known = reported


def _adopt_seed() -> None:
    """New start on the stage: the same in the sidebar and the URL."""
    st.session_state.reported = True
    st.session_state.seed = st.session_state[stage.KEY].seed


def _adopt_moment() -> None:
    """The run has come to rest: the open panel is to show it there."""
    st.session_state.reported = True
    panels.adopt(st.session_state.known, st.session_state[stage.KEY].moment)


def _keep_the_recipe() -> None:
    """A panel was changed: a URL that is not the last one written is late, not a link."""
    st.session_state.reported = True


def _adopt_settings() -> None:
    """An edit was taken back on the stage: the sidebar goes back with it."""
    state = st.session_state
    state.reported = True
    state.recipe = state.known = Recipe.from_json(state[stage.KEY].settings)
    choices.load(state.recipe)


main()
