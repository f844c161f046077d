/** What the export dialog may know of the stage, and ask of it. */

import { loadPlotly } from "../charts/plotly-loader.js";
import { position, wholeRecipe } from "../run/run-state.js";
import { themeName } from "../host/theme.js";

/**
 * @param {object} stage
 * @param {import("../store.js").Store} stage.store
 * @param {import("../run/run.js").Run} stage.run
 * @param {Element} stage.root
 * @param {string} stage.base of the server
 * @param {AbortSignal} stage.signal
 * @param {() => object} stage.choices tables of choices, from the page
 * @param {() => object} stage.theme
 * @param {(words: string, kind: string) => void} stage.say
 * @returns {import("./dialog.js").Source}
 */
export function exportSource({ store, run, root, base, signal, choices, theme, say }) {
  return {
    base,
    root,
    signal,
    choices,
    say,
    moment: () => {
      const { run: now, look } = store.state;
      return { recipe: wholeRecipe(now), epoch: position(now), last: Math.max(0, now.known - 1), look };
    },
    pause: () => {
      const { playing } = store.state.run;
      if (playing) run.play(false);
      return playing;
    },
    take: (request) => run.export(request),
    charts: () => {
      const eye = root.querySelector(".nnviz-surface").layout?.scene?.camera?.eye;
      return eye ? { eye: [eye.x, eye.y, eye.z] } : {};
    },
    theme: () => themeName(theme()),
    plotly: () => loadPlotly(base),
    open: (text) => store.dispatch({ type: "experiment", text }),
  };
}
