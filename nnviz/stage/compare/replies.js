/** Runs beside the active one in replies: pictures, data, histories. Pure but for the histories kept. */

import { History } from "../run/history.js";
import { pointsOf, sceneOf } from "../run/scenes.js";

/**
 * @typedef {import("./companions.js").Seen} Seen
 * @typedef {import("../run/recipes.js").Recipe} Recipe
 * @typedef {import("../run/replies.js").Arrays} Arrays
 * @typedef {{header: import("../run/replies.js").RunHeader, arrays: Arrays}} RunFrame a run beside the active one at an epoch
 */

/**
 * The frames of these runs in a reply; null where a run is not made yet.
 * @param {{beside?: import("../run/replies.js").BesideHeader}} header @param {Arrays} arrays
 * @returns {(RunFrame | null)[]}
 */
export function besideFrames({ beside }, arrays) {
  const entries = Object.entries(arrays);
  return (beside?.runs ?? []).map((header, i) => {
    if (!header) return null;
    const own = entries.flatMap(([name, array]) => (name.endsWith(String(i + 1)) ? [[name.slice(0, -1), array]] : []));
    return { header, arrays: Object.fromEntries(own) };
  });
}

/**
 * Runs that they describe for the first time, and points that have changed.
 * @param {Seen[]} seen @param {(RunFrame | null)[]} frames
 * @returns {{scene?: import("../plane/scene.js").Scene, net?: import("../look.js").Net, points?: import("../plane/scene.js").Points}[]}
 */
export const besideScenes = (seen, frames) => frames.map((frame, i) => {
  if (!frame || frame.header.data === undefined) return {};
  const { header, arrays } = frame;
  const isWhole = header.extent !== undefined;
  return isWhole ? sceneOf(/** @type {Required<typeof header>} */ (header), arrays, seen[i].recipe) : { points: pointsOf(header.data ?? "", arrays) };
});

/** The histories of these runs, kept as long as their recipes. */
export class Histories {
  /** @type {WeakMap<Recipe, History>} */
  known = new WeakMap();

  /** @param {Recipe} recipe @returns {History} */
  of(recipe) {
    const known = this.known.get(recipe) ?? new History();
    this.known.set(recipe, known);
    return known;
  }

  /** @param {Seen[]} seen @param {(RunFrame | null)[]} frames */
  put(seen, frames) {
    frames.forEach((frame, i) => {
      if (frame?.arrays.rows) this.of(seen[i].recipe).put(frame.header.since, frame.arrays.rows.data);
    });
  }

  /**
   * A request that names what is known of them.
   * @param {import("../run/requests.js").Request} request @param {Seen[]} seen
   * @returns {import("../run/requests.js").Request}
   */
  withKnown(request, seen) {
    if (!request.compared || request.op === "export" || request.picture === false) return request;
    return { ...request, known: seen.map(({ recipe, scene }) => [scene?.data ?? null, this.of(recipe).length]) };
  }
}
