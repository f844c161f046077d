"""The script of a component: what it calls, and what it shows where the stage cannot be loaded."""

import json

from nnviz.stage.files import ENTRY
from nnviz.ui import entry
from tests import node

# the script in a page at an address, where importing a module from it gives what `module` has
MOUNT = """
  globalThis.document = {
    baseURI: "https://school.example/nnviz/?data=xor",
    createElement: (tag) => ({ tag, style: {}, setAttribute(name, value) { this[name] = value; } }),
  };
  const shown = [];
  const component = { data: { files: "stage/0123" }, parentElement: { replaceChildren: (...all) => shown.push(...all) } };
  const text = SCRIPT.replace("import(url)", MODULE);
  const { default: mount } = await import("data:text/javascript," + encodeURIComponent(text));
  const leave = mount(component);
  await new Promise(setImmediate);
  leave();
  await new Promise(setImmediate);
"""  # noqa: E501


def mounted(module: str, answer: str, **options):
    snippet = MOUNT.replace("SCRIPT", json.dumps(entry.script("render", "dispose", **options)))
    return node.evaluate(snippet.replace("MODULE", json.dumps(module)) + f"return {answer};")


def test_the_stages_functions_are_called_with_the_component():
    module = """Promise.resolve({ given: 7, render: (component, given) => (globalThis.calls = [
      url, component.data.files, given]), dispose: () => globalThis.calls.push("left") })"""
    url = f"https://school.example/nnviz/stage/0123/{ENTRY}"
    assert mounted(module, "[calls, shown]") == [[url, "stage/0123", 7, "left"], []]


def test_where_it_cannot_be_loaded_the_page_shows_that():
    failing = 'Promise.reject(new TypeError("404"))'
    assert mounted(failing, "shown", shows_problem=False) == []  # one sentence is enough
    (problem,) = mounted(failing, "shown")
    assert (problem["tag"], problem["role"]) == ("p", "alert")
    assert problem["textContent"] == (
        f"This part of the page can’t be loaded from https://school.example/nnviz/stage/0123/{ENTRY}"
        ". Reload the page to try again; where a proxy stands before the server, see "
        "docs/hosting.md."
    )
