/**
 * The stage as a process, for tests in Python: it reads lines of JSON, `[name, argument]`, and writes
 * its state after each. The names are the methods that `tests/ui/stage_model.py` describes.
 */

import { createHash } from "node:crypto";
import { createInterface } from "node:readline";

import { unpack } from "../../nnviz/stage/transport/codec.js";
import { position, wholeRecipe } from "../../nnviz/stage/run/run-state.js";
import { Harness, LIVE } from "./harness.mjs";

let stage;

const ACTS = {
  begin: () => {
    stage = new Harness();
    stage.line.open();
  },
  receive: (data) => stage.do("page", { data: { ...data, liveFields: LIVE_FIELDS } }),
  train: (epochs) => {
    stage.do("go", { epoch: position(stage.state.run) }); // nothing goes on by itself here
    stage.settle();
    stage.playTo(stage.state.run.epoch + epochs);
  },
  renew: () => stage.do("renew"),
  reset: () => stage.do("reset"),
  dial: ([field, value]) => stage.do("setting", { field, value }),
  set_weight: (value) => stage.do("weight", { at: [0, 0, 0], value }),
  remove_edit: (index) => {
    const { edits } = wholeRecipe(stage.state.run);
    stage.do("remove", { edit: edits[index % edits.length] });
  },
  pick: (sample) => stage.do("pick", { sample }),
  pin: (point) => stage.do("pin", { point }),
  drop: (text) => stage.do("experiment", { text }),
  connect: (isUp) => (isUp ? stage.line.open() : stage.line.drop()),
  look: (changes) => stage.do("look", { changes }),
  /** The request to the server, if there is one. */
  asks() {
    stage.paint();
    while (stage.line.due[0]?.op === "dropped") stage.line.turn();
    return stage.line.due[0];
  },
  /** The server's reply to that, its bytes in base64. */
  async hears(reply) {
    const bytes = Uint8Array.from(Buffer.from(reply, "base64"));
    stage.line.due.shift();
    stage.line.replies.push(await unpack(bytes.buffer));
    stage.line.deliver();
  },
  /** The picture shown: its epoch, and what it is made of. */
  picture() {
    const { frame } = stage.state;
    return { epoch: frame.epoch, planes: createHash("sha256").update(frame.planes.data).digest("hex") };
  },
};

/** Where Python is the server, or reads what is shown. */
const BY_HAND = new Set(["connect", "look", "asks", "hears", "picture"]);

const LIVE_FIELDS = ["optimiser", "batch_size", "l1", ...LIVE];

for await (const line of createInterface({ input: process.stdin })) {
  const [name, argument] = JSON.parse(line);
  const answer = (await ACTS[name](argument)) ?? null;
  if (stage.line.isOpen && !BY_HAND.has(name)) stage.settle();
  const { run, page } = stage.state;
  const report = page.content ? { ...JSON.parse(page.content), number: page.number } : null;
  const recipe = run.recipe && wholeRecipe(run);
  process.stdout.write(`${JSON.stringify({ recipe, epoch: position(run), sample: page.sample, pin: page.sample === null ? stage.state.look.probe : null, applied: page.applied, number: page.number, heard: page.heard, report, answer })}\n`);
}
