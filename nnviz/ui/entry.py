"""The script that Streamlit is given for a component: it imports the stage's from this server."""

from __future__ import annotations

from ..stage import files

# Several lines, because Streamlit takes a single line with a slash for a path. The address is one
# below the page's, wherever a proxy has put that.
_SCRIPT = """
let stage;
export default function (component) {
  const url = new URL(`./${component.data.files}/{entry}`, document.baseURI).href;
  stage ??= import(url);
  stage.then(({ {render}, given }) => {render}(component, given), () => {
    if (!{shows_problem}) return;
    const problem = document.createElement("p");
    problem.setAttribute("role", "alert");
    problem.style.overflowWrap = "anywhere"; // of the address
    problem.textContent = `This part of the page can’t be loaded from ${url}. Reload the page to `
      + "try again; where a proxy stands before the server, see docs/hosting.md.";
    component.parentElement.replaceChildren(problem);
  });
  return () => stage.then(({ {dispose} }) => {dispose}(component), () => {});
}
"""


def script(render: str, dispose: str, shows_problem: bool = True) -> str:
    """A script that calls these two functions of the stage's module for Streamlit.

    The component's data must hold the path of the stage's ``files``. Where they cannot be loaded,
    a component that ``shows_problem`` shows a sentence, and others stay empty.
    """
    names = {
        "entry": files.ENTRY, "render": render, "dispose": dispose,
        "shows_problem": str(shows_problem).lower(),
    }  # fmt: skip
    text = _SCRIPT
    for placeholder, name in names.items():
        text = text.replace(f"{{{placeholder}}}", name)
    return text
