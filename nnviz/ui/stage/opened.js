/** What a link or an experiment file asks to be seen, besides its run and epoch. */

export class Opened {
  /** @param {import("./stage.js").Stage} stage */
  constructor(stage) {
    Object.assign(this, { stage, count: 0, look: null, unit: null });
  }

  /** @returns {boolean} whether the page was asked to open another since the last time */
  take({ look, count }) {
    const isNew = count > this.count;
    if (isNew) Object.assign(this, { count, look });
    return isNew;
  }

  /** Look at it, once the run it is of has been opened. */
  show() {
    const { stage, look } = this;
    if (!look || !stage.run.opened) return;
    this.look = null;
    const { view: mode, klass, threshold, rings, parts, unit, probe } = look;
    stage.setView({ mode, klass, threshold, rings, parts, unit });
    stage.pin(probe);
    this.unit = unit;
  }

  /** The unit in the place of the field is to be found, and let go, where it was chosen. */
  settle() {
    const { stage, unit } = this;
    if (!unit || !stage.panels?.scene) return;
    this.unit = null;
    stage.part("[data-tab=network]").click();
    stage.panels.diagram.pin(unit);
  }
}
