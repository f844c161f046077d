"""The page script: widgets and URL to a recipe, and the recipe to the stage."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nnviz.fields import RecipeError
from nnviz.look import SEEN
from nnviz.moments import Moment
from nnviz.recipe import FIELDS, Recipe
from nnviz.ui import choices, controls, panels, stage

_FROM_FILE = "experiment: "  # in front of the field of a problem that a file had


def main() -> None:
    """``recipe`` is what is asked for; ``known`` is it as far as the stage has said when.

    They differ after a setting was changed in the middle of a run, until the stage has told at
    which epoch that was; panels show the run that is known.
    """
    st.set_page_config("nnviz: neural networks, live", stage.ICON, "wide")
    state = st.session_state
    if _url_was_changed():
        _open_link(st.query_params.to_dict())
    chosen = choices.chosen(state.recipe)
    if chosen != state.recipe.folded():
        if not chosen.goes_on_from(state.recipe):
            state.known = chosen
        state.recipe, state.problems = chosen, {}
    _write_url()
    state.reported = False

    if state.problems:
        _say_what_was_wrong(state.problems)
    stage.show(
        state.recipe, opened=state.opened,
        on_recipe=_adopt_recipe, on_seed=_adopt_seed, on_settings=_adopt_settings,
        on_moment=_adopt_moment, on_experiment=_open_experiment,
        follow=panels.opened() is not None, sample=panels.sample(state.known),
    )  # fmt: skip
    with st.sidebar:  # after the stage, which starts while the widgets are drawn
        controls.draw(state.recipe)
    panels.draw(state.known, on_change=_keep_the_recipe)


def _open_link(params: dict[str, str]) -> None:
    """A link that names no epoch leaves the stage where it is, if its run can go on from there."""
    moment, problems = Moment.salvage_query(params)
    _adopt(moment, problems)
    if not params.keys().isdisjoint({"epoch", *SEEN}):
        _open(moment)


def _adopt(moment: Moment, problems: Mapping[str, str]) -> None:
    state = st.session_state
    state.recipe = state.known = moment.recipe
    state.problems = problems
    state.setdefault("opened", {"epoch": 0, "look": {}, "count": 0})
    state.linked = moment
    choices.load(moment.recipe)


def _open(moment: Moment) -> None:
    """The stage is to show just this, whatever it shows now."""
    count = st.session_state.opened["count"]
    opened = {"epoch": moment.epoch, "look": moment.look.to_dict(), "count": count + 1}
    st.session_state.opened = opened


def _write_url() -> None:
    """The address says the recipe, and all else a link said while the recipe is that link's."""
    state = st.session_state
    is_linked = state.linked.recipe == state.recipe and state.linked != Moment(state.recipe)
    params = state.linked.to_params() if is_linked else state.recipe.to_params()
    if st.query_params.to_dict() != params:
        st.query_params.from_dict(params)
    state.written = params


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


def _say_what_was_wrong(problems: Mapping[str, str]) -> None:
    """One box for all, that scrolls where they are many, so that the stage stays in view."""
    lines = [f"- {problem}. {_remedy(field)}" for field, problem in problems.items()]
    with st.container(height="content" if len(lines) == 1 else 110, border=False):
        st.warning("\n".join(lines), icon=":material/link_off:")


def _remedy(field: str) -> str:
    if field.startswith(_FROM_FILE):
        return "The file was not opened; the run is as it was."
    return "The default is used." if field in (*FIELDS, "epoch", *SEEN) else "It is left out."


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


def _open_experiment() -> None:
    """A file was opened on the stage: its run at its epoch; or, where it is none, why not."""
    state = st.session_state
    state.reported = True
    try:
        moment = Moment.from_json(state[stage.KEY].experiment)
    except RecipeError as error:
        state.problems = {f"{_FROM_FILE}{name}": text for name, text in error.problems.items()}
        return
    _adopt(moment, {})
    _open(moment)


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
