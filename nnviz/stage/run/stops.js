/** Where a run is to stop by itself. */

/**
 * The first epoch after `from` and up to the last known at which a rule says stop.
 *
 * @param {import("./history.js").History} history
 * @param {number} from the epoch already passed
 * @param {{epoch?: number, loss?: number, patience?: number}} rules
 * @returns {{epoch: number, best?: number, why: string} | null} `best` is where to go back to
 */
export function firstStop(history, from, rules) {
  const stops = [atEpoch, atLoss, withoutGain].map((rule) => rule(history, from, rules)).filter(Boolean);
  return stops.sort((a, b) => a.epoch - b.epoch)[0] ?? null;
}

/** A word on a rule that is past already, so that the run will not stop by it; or none. */
export function passed(history, epoch, rules) {
  if (rules.epoch <= epoch) return `Epoch ${rules.epoch} is past: the run will not stop there.`;
  if (history.trainLoss(epoch) <= rules.loss) {
    return `The training loss is ${rules.loss} or less already: the run will stop where it comes down to it again.`;
  }
  if (rules.patience !== undefined && Number.isNaN(history.testLoss(0))) {
    return "Without a test part there is no test loss to wait for.";
  }
  return "";
}

function atEpoch(history, from, { epoch }) {
  if (epoch === undefined || epoch <= from || epoch > history.last) return null;
  return { epoch, why: `Stopped at epoch ${epoch}, as asked.` };
}

/** Where the training loss first comes to lie at the bound or below. */
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

/** Where the test loss, if there is a test part, has had no new minimum for so many epochs. */
function withoutGain(history, from, { patience }) {
  if (patience === undefined || Number.isNaN(history.testLoss(0))) return null;
  let best = 0;
  for (let epoch = 0; epoch <= history.last; epoch++) {
    if (history.testLoss(epoch) < history.testLoss(best)) best = epoch;
    if (epoch > from && epoch - best >= patience) {
      const why = `Stopped: the test loss has not improved for ${patience} epochs. Back to the best, epoch ${best}.`;
      return { epoch, best, why };
    }
  }
  return null;
}
