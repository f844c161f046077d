/** The epochs at which rules stop a run. Pure. */

import { counted } from "../text/format.js";

/** @typedef {import("./history.js").History} History */
/** @typedef {{epoch?: number, loss?: number, patience?: number}} Rules those that are set; see `nnviz/recipe/look.py` */
/** @typedef {{epoch: number, best?: number, why: string}} Stop `best` is the epoch to go back to */

/**
 * The first epoch after `from` and up to the last known at which a rule stops the run.
 * @param {History} history
 * @param {number} from the last epoch already shown
 * @param {Rules} rules
 * @returns {Stop | null}
 */
export function firstStop(history, from, rules) {
  const stops = [atEpoch, atLoss, withoutGain].flatMap((rule) => rule(history, from, rules) ?? []);
  return stops.sort((a, b) => a.epoch - b.epoch)[0] ?? null;
}

/**
 * Why a rule will not stop a run that goes on from an epoch, or "".
 * @param {History} history @param {number} epoch @param {Rules} rules
 */
export function warning(history, epoch, rules) {
  if (rules.epoch !== undefined && rules.epoch <= epoch) {
    return `Epoch ${rules.epoch} is past: the run will not stop there.`;
  }
  if (rules.loss !== undefined && history.trainLoss(epoch) <= rules.loss) {
    return `The training loss is already ${rules.loss} or less: the run stops the next time the loss falls to this value.`;
  }
  if (rules.patience !== undefined && Number.isNaN(history.testLoss(0))) {
    return "This rule needs a test part; this run has none.";
  }
  return "";
}

/** @param {History} history @param {number} from @param {Rules} rules @returns {Stop | null} */
function atEpoch(history, from, { epoch }) {
  if (epoch === undefined || epoch <= from || epoch > history.last) return null;
  return { epoch, why: `Stopped at epoch ${epoch}, as set.` };
}

/**
 * Where the training loss first falls to the bound or below.
 * @param {History} history @param {number} from @param {Rules} rules @returns {Stop | null}
 */
function atLoss(history, from, { loss }) {
  if (loss === undefined) return null;
  const bound = Math.fround(loss); // the history has this precision
  for (let epoch = from + 1; epoch <= history.last; epoch++) {
    if (history.trainLoss(epoch) <= bound && !(history.trainLoss(epoch - 1) <= bound)) {
      return { epoch, why: `Stopped at epoch ${epoch}: the training loss has come down to ${loss}.` };
    }
  }
  return null;
}

/**
 * Where the test loss, if there is a test part, has had no new minimum for so many epochs.
 * @param {History} history @param {number} from @param {Rules} rules @returns {Stop | null}
 */
function withoutGain(history, from, { patience }) {
  if (patience === undefined || Number.isNaN(history.testLoss(0))) return null;
  let best = 0;
  for (let epoch = 0; epoch <= history.last; epoch++) {
    if (history.testLoss(epoch) < history.testLoss(best)) best = epoch;
    if (epoch > from && epoch - best >= patience) {
      const why = `Stopped: the test loss has not improved for ${counted(patience, "epoch")}. Back to the best, epoch ${best}.`;
      return { epoch, best, why };
    }
  }
  return null;
}
