/** What the export dialog may know of the stage, and ask of it. */

import { loadPlotly } from "./loader.js";
import { position, wholeRecipe } from "./run-state.js";
import { themeName } from "./theme.js";

/**
 * @param {import("./stage.js").Stage} stage
 * @param {AbortSignal} signal
 * @returns {import("./take-dialog.js").Source}
 */
export function exportSource(stage, signal) {
  const { store, run, root, base } = stage;
  return {
    base,
    root,
    signal,
    choices: () => stage.data.takeaway,
    moment: () => {
      const { run: now, look } = store.state;
      return { recipe: wholeRecipe(now), epoch: position(now), last: Math.max(0, now.known - 1), look };
    },
    pause: () => {
      const { playing } = store.state.run;
      if (playing) run.play(false);
      return playing;
    },
    take: (request) => run.take(request),
    charts: () => {
      const { log_loss, log_epochs } = store.state.look;
      const eye = root.querySelector(".nnviz-surface").layout?.scene?.camera?.eye;
      return { log_loss, log_epochs, ...(eye ? { eye: [eye.x, eye.y, eye.z] } : {}) };
    },
    theme: () => themeName(stage.theme),
    plotly: () => loadPlotly(base),
    say: (words, kind) => stage.say(words, kind),
    open: (text) => store.dispatch({ type: "experiment", text }),
  };
}
