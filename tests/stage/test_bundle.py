"""Joined modules do what the modules do one by one."""

import json
import subprocess

import pytest

from nnviz.stage.bundle import join
from nnviz.stage.files import ENTRY, FOLDER, later_entries
from tests.node import command

# the module and line of an error, found by Node with the source map; the exports of each module
SHOW = """
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
const [map, line] = [JSON.parse(readFileSync(process.argv[2])), +process.argv[3]];
const { originalSource, originalLine } = new SourceMap(map).findEntry(line, 0);
process.stdout.write(JSON.stringify([originalSource, originalLine]));
"""


def write(folder, **texts):
    for name, text in texts.items():
        path = folder / f"{name.replace('__', '/')}.js"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def run(folder, program, *arguments):
    """What a JavaScript module prints, as JSON."""
    (folder / "run.mjs").write_text(program)
    (folder / "package.json").write_text('{"type": "module"}')
    done = subprocess.run(
        command(str(folder / "run.mjs"), *arguments), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


PLAIN = {
    "host__main": 'import { twice as double, Count } from "../a.js";\nimport "./b.js";\n'
    'import {\n  later,\n} from "../c.js";\n'
    "export const four = double(2);\nexport class More extends Count {}\n"
    "export async function load() {\n  return [globalThis.ran, await later()];\n}\n",
    "a": "export function twice(x) {\n  return 2 * x;\n}\nclass Count {\n  n = 3;\n}\n"
    "export { Count };\n",
    "host__b": "globalThis.ran = (globalThis.ran ?? 0) + 1;\n",
    "c": 'export const later = () => import("./d.js").then(({ d }) => d);\n',
    "d": 'import { Count } from "./a.js";\nexport const d = new Count().n;\n',
}
PRINT = """const { four, More, load } = await import("./host/main.js");
process.stdout.write(JSON.stringify([four, new More().n, await load()]));"""


def test_joined_modules_do_what_the_modules_do(tmp_path):
    plain, joined = tmp_path / "plain", tmp_path / "joined"
    for folder in (plain, joined):
        folder.mkdir()
    write(plain, **PLAIN)
    for entry, first in (("host/main.js", None), ("d.js", "host/main.js")):
        write(joined, **{entry.removesuffix(".js"): join(plain, entry, first).script})
    assert run(joined, PRINT) == run(plain, PRINT) == [4, 3, [1, 3]]


def test_a_module_of_the_first_script_is_not_in_a_later_one(tmp_path):
    write(tmp_path, **PLAIN)
    later = join(tmp_path, "d.js", "host/main.js").script
    assert "class Count" not in later
    assert 'from "./host/main.js"' in later


def test_the_source_map_names_the_module_and_the_line(tmp_path):
    write(tmp_path, **PLAIN)
    bundle = join(tmp_path, "host/main.js")
    (tmp_path / "map").write_text(bundle.source_map)
    lines = bundle.script.split("\n")
    for text, source, line in [
        ("  return 2 * x;", "../a.js", 1),
        ("globalThis.ran = (globalThis.ran ?? 0) + 1;", "./b.js", 0),
        ("class More extends Count {}", "./main.js", 6),
    ]:
        found = run(tmp_path, SHOW, str(tmp_path / "map"), str(lines.index(text)))
        assert found == [source, line]


def test_modules_in_a_circle_are_refused(tmp_path):
    write(tmp_path, a='import { b } from "./b.js";', b='import { a } from "./a.js";')
    message = "^modules must not import each other in a circle; got b.js and a.js$"
    with pytest.raises(ValueError, match=message):
        join(tmp_path, "a.js")


@pytest.mark.parametrize(
    "line",
    [
        "export default 1;",
        "export let count = 0;",
        'export * from "./b.js";',
        'import * as b from "./b.js";',
        'import b from "./b.js";',
        'import { b } from "elsewhere";',
        "export { b as c };",
    ],
)
def test_unknown_forms_of_import_and_export_are_refused(tmp_path, line):
    write(tmp_path, a=line, b="")
    with pytest.raises(ValueError, match=r"import or export is not known in a\.js; got ") as error:
        join(tmp_path, "a.js")
    assert str(error.value).endswith(line)


def test_the_stage_joined_exports_what_its_modules_export(tmp_path):
    for entry in (ENTRY, *later_entries()):
        script = join(FOLDER, entry, None if entry == ENTRY else ENTRY).script
        write(tmp_path, **{entry.removesuffix(".js"): script})
    program = f"""
      const plain = {json.dumps(FOLDER.as_uri())} + "/";
      for (const entry of {json.dumps([ENTRY, *later_entries()])}) await import("./" + entry);
      const {{ $modules }} = await import("./{ENTRY}");
      const wrong = [];
      for (const [name, module] of Object.entries($modules)) {{
        const names = Object.keys(await import(plain + name)).sort();
        if (names.join() !== Object.keys(module).sort().join()) wrong.push(name);
      }}
      process.stdout.write(JSON.stringify([Object.keys($modules).length > 60, wrong]));
    """
    assert run(tmp_path, program) == [True, []]
