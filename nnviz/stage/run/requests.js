/** What the server has to do next, and nothing where it has to do nothing. */

import { position } from "./run-state.js";

/**
 * It always follows from what is wanted and what the server has. One request is under way at a
 * time, and none while a picture waits to be painted.
 *
 * @param {import("./run-state.js").Run} run
 * @param {object} picture what pictures are to hold: fields of a request, see `live/requests.py`
 * @param {number} pace epochs a frame
 * @param {number[]?} probe the point whose probabilities are shown
 * @param {object} [take] something to be exported of this very moment
 * @returns {Omit<import("./run-state.js").Sent, "from"> | null}
 */
export function due(run, picture, pace, probe, take) {
  if (!run.connected || !run.recipe || run.sent || run.unpainted) return null;
  const pictured = JSON.stringify(picture) === run.blocked ? {} : picture;
  const ask = (request, fields = pictured, more = {}) => ({
    id: run.requests + 1,
    recipe: run.recipe,
    pictured: JSON.stringify(fields),
    request: { id: run.requests + 1, since: run.known, probe, ...fields, ...request },
    ...more,
  });
  if (run.server.recipe !== run.recipe) {
    return run.refused === run.recipe ? null : ask({ op: "open", recipe: run.recipe, since: 0 }, {});
  }
  const isStale = run.pictured !== JSON.stringify(pictured);
  const [edit] = run.edits;
  if (edit) return dueEdit(run, edit, ask);
  const { target } = run;
  if (target !== null || run.server.epoch !== position(run)) {
    return ask({ op: "seek", epoch: position(run), ...(target === null && !isStale ? { picture: false } : {}) });
  }
  if (run.steps > 0 && !run.playing) return ask({ op: "frame", epochs: 1 });
  if (take) return { ...ask({}), take, request: { id: run.requests + 1, op: "export", ...take } };
  if (run.playing) return ask({ op: "frame", epochs: pace });
  if (isStale || run.epoch === null) return ask({ op: "frame" });
  if (probe && run.probed !== JSON.stringify(probe)) return ask({ op: "frame", picture: false }, {}, { pictured: run.pictured });
  return null;
}

/** The edit, at its own epoch. */
function dueEdit(run, edit, ask) {
  const { epoch, ...change } = edit;
  if (run.server.epoch !== epoch) return ask({ op: "seek", epoch, picture: false });
  const isShown = run.edits.length === 1 && epoch === position(run);
  return ask({ op: "edit", ...change, since: epoch, picture: isShown }, undefined, { edit });
}
