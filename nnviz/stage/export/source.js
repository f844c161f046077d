/** The interface of the stage for the export dialog. */

import { loadPlotly } from "../charts/plotly-loader.js";
import { position, wholeRecipe } from "../run/run-state.js";
import { themeName } from "../host/theme.js";

/**
 * @typedef {import("./form-fields.js").Choices} Choices
 * @typedef {import("./queue.js").ExportRequest} ExportRequest
 * @typedef {import("./queue.js").Exported} Exported
 * @typedef {(message: string, kind: "note" | "problem") => void} ShowMessage shows a message on the stage
 */

/**
 * @typedef {object} ExportSource
 * @property {import("../transport/studio.js").Studio} studio
 * @property {string} files path of the stage's files
 * @property {HTMLElement} root the stage's element
 * @property {AbortSignal} signal aborted when the stage is removed
 * @property {() => Choices} choices
 * @property {() => ShownMoment} moment what is shown now
 * @property {() => boolean} pause pauses a run that plays; whether it did
 * @property {(request: ExportRequest) => Promise<Exported>} request fails with an Error that says why
 * @property {() => {eye?: number[]}} camera how the surface is turned, if it is there
 * @property {() => "light" | "dark"} theme of the page
 * @property {() => Promise<import("../charts/plotly-loader.js").Plotly>} plotly
 * @property {ShowMessage} showMessage
 * @property {(text: string) => void} open gives the page an experiment to open
 */

/**
 * @typedef {object} ShownMoment
 * @property {import("../run/recipes.js").Recipe} recipe
 * @property {number} epoch
 * @property {number} last epoch that is known
 * @property {import("../look.js").Look} look
 */

/**
 * @param {object} stage
 * @param {import("../stage-state.js").StageStore} stage.store
 * @param {import("../run/run.js").Run} stage.run
 * @param {HTMLElement} stage.root
 * @param {import("../transport/studio.js").Studio} stage.studio
 * @param {string} stage.files path of the stage's files
 * @param {AbortSignal} stage.signal
 * @param {() => Choices} stage.choices
 * @param {() => import("../plane/plane.js").Theme} stage.theme
 * @param {ShowMessage} stage.showMessage
 * @returns {ExportSource}
 */
export function exportSource({ store, run, root, studio, files, signal, choices, theme, showMessage }) {
  return {
    studio,
    files,
    root,
    signal,
    choices,
    showMessage,
    moment: () => {
      const { run: now, look } = store.state;
      return { recipe: wholeRecipe(now), epoch: position(now), last: Math.max(0, now.knownEpochs - 1), look };
    },
    pause: () => {
      const { playing } = store.state.run;
      if (playing) run.play(false);
      return playing;
    },
    request: (request) => run.export(request),
    camera: () => {
      /** @type {import("../charts/plotly-loader.js").FigureElement} */
      const surface = root.querySelector(".nnviz-surface");
      const eye = surface.layout?.scene?.camera?.eye;
      return eye ? { eye: [eye.x, eye.y, eye.z] } : {};
    },
    theme: () => themeName(theme()),
    plotly: () => loadPlotly(files),
    open: (text) => store.dispatch({ type: "experiment", text }),
  };
}
