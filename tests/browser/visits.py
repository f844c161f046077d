"""Another visit in a page that is there already: a quarter of the work of loading one.

A link followed within the page is one of the page's own ways to another run. What a visitor would
still see of the visit before is put back first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from nnviz import Moment
from nnviz.recipe.form import changed_groups
from nnviz.stage.files import ENTRY, address

# in JavaScript: what the stage's modules that are loaded export, by their paths
MODULES = f"(await import('/{address()}/{ENTRY}')).$modules"

STORE = f"{MODULES}['host/mounted.js'].mounted.state"

# closes what is open, leaves the sidebar as a first visit finds it, starts the run again, forgets
# earlier runs
TIDY = f"""async ([unfolded, isCollapsed]) => {{
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  for (const box of document.querySelectorAll(".nnviz details")) box.open = false;
  for (const group of document.querySelectorAll("[data-testid=stSidebar] details")) {{
    const fold = group.querySelector("summary");
    const isOpen = unfolded.some((title) => fold.textContent.includes(title));
    if (group.open !== isOpen) fold.click();
  }}
  document.querySelector(".st-key-panel [role=radio][aria-checked=true]")?.click();
  if (document.querySelector(".stSidebar").dataset.collapsed !== isCollapsed) {{
    const button = isCollapsed === "true" ? "stSidebarCollapseButton" : "stExpandSidebarButton";
    const part = document.querySelector(`[data-testid=${{button}}]`);
    (part.querySelector("button") ?? part).click();
  }}
  document.activeElement.blur();
  for (const part of document.querySelectorAll(".stMain, [data-testid=stSidebarContent]")) {{
    part.scrollTo(0, 0);
  }}
  ({STORE}).dispatch({{ type: "reset" }});
  document.querySelector(".nnviz [data-do=forget]").click();
}}"""

# a run that plays on would take the processor from the tests that follow
PAUSE = """() => {
  const stage = document.querySelector(".nnviz");
  if (stage?.dataset.state === "running") stage.querySelector("[data-do=play]").click();
}"""

COLLAPSED = "data-collapsed"  # of the sidebar

FOLLOW = f"""async (query) => {{
  window.ofVisits = {STORE}; // so that a function that does not wait for modules can look at it
  const {{ applied }} = window.ofVisits.state.page;
  history.pushState(null, "", query);
  dispatchEvent(new PopStateEvent("popstate"));
  return applied;
}}"""

# not async: what waits for a function takes any promise for true
ARRIVED = """([applied, params]) => {
  const shown = new URLSearchParams(location.search);
  return window.ofVisits.state.page.applied > applied
    && Object.entries(params).every(([name, text]) => shown.get(name) === text);
}"""


class KeptPages:
    """Pages that stay open from test to test, one for each set of a browser context's options."""

    def __init__(self, load: Callable[..., Any]):
        self._load = load
        self._stages: dict[str, tuple[Any, str]] = {}
        self._visited: list[Any] = []  # by the present test
        self._failures: tuple[int, int] = (0, 1)

    def visit(self, query: str, options: dict[str, Any], failures: tuple[int, int]) -> Any:
        """The stage of a link, in the page kept for these options or in a new one.

        ``failures`` is how many tests have failed, and how often this one was begun: what one that
        failed has left may be of no use.
        """
        if failures != self._failures:
            self._stages.clear()
        self._failures = failures
        key = repr(options)
        if key in self._stages:
            stage, is_collapsed = self._stages[key]
            follow(stage, query, is_collapsed)
        else:
            stage = self._load(query, **options)
            self._stages[key] = stage, stage.page.locator(".stSidebar").get_attribute(COLLAPSED)
        self._visited.append(stage)
        return stage

    def pause(self) -> None:
        """Pause the runs that a test has left."""
        for stage in self._visited:
            if not stage.page.is_closed():
                stage.page.evaluate(PAUSE)
        self._visited.clear()


def follow(stage: Any, query: str, is_collapsed: str) -> None:
    """Follow a link within the page of another visit, and wait until its picture is there.

    ``is_collapsed`` is the sidebar's attribute as the page was loaded.
    """
    page, moment = stage.page, Moment.salvage_query(urlsplit(query).query)[0]
    page.mouse.move(5, 5)
    page.keyboard.press("Escape")
    page.evaluate(TIDY, [list(changed_groups(moment.recipe)), is_collapsed])
    link = query if "epoch=" in query else f"{query or '?'}&epoch=0"  # the run starts again
    applied = page.evaluate(FOLLOW, link)
    page.wait_for_function(ARRIVED, arg=[applied, dict(parse_qsl(moment.recipe.to_query()))])
    stage.wait(f"stage.dataset.epoch === '{moment.epoch}'")
    stage.settled()
    stage.errors.clear()
    stage.requests.clear()
