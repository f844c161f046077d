/** What the stage tells the page: edits made, another seed, the moment it has come to rest at. */

import { differences } from "./recipes.js";

const SETTLED = 250; // ms without another change before the page is told
const PATIENCE = 2000; // ms an answer of the page may take

export class Reports {
  /** @param {import("./run.js").Run} run */
  constructor(run) {
    this.run = run;
    this.held = false;
  }

  update(data, setStateValue, setTriggerValue) {
    Object.assign(this, { data, setStateValue, setTriggerValue });
    if (!this.follows) this.told = undefined;
  }

  /** The recipe has got edits; told once they have settled. */
  recipe() {
    clearTimeout(this.recipeTimer);
    if (this.held) return;
    this.recipeTimer = setTimeout(() => this.setTriggerValue("recipe", this.run.recipe), SETTLED);
  }

  /** While a weight is being dragged the page is told nothing. */
  hold(held) {
    this.held = held;
  }

  /** An edit was taken back: the page is to show the settings of the recipe as it is now. */
  settings() {
    this.expect((recipe) => !differences(this.run.wanted(), recipe).length);
    this.setTriggerValue("settings", this.run.recipe);
  }

  /** Tell the page the new seed, once for several quick new starts. */
  seed() {
    clearTimeout(this.seedTimer);
    this.seedTimer = setTimeout(() => {
      this.seedTimer = undefined;
      const { seed } = this.run.recipe;
      this.expect((recipe) => recipe.seed === seed);
      this.setTriggerValue("seed", seed);
    }, SETTLED);
  }

  /** Until the page's recipe is one that `met` knows, it is older than what was just told. */
  expect(met) {
    this.expected = { met, at: performance.now() };
  }

  /** Whether a recipe from the page is older than what the page was told last. */
  awaits(recipe) {
    if (this.seedTimer !== undefined) return true;
    const { met, at } = this.expected ?? {};
    if (met && !met(recipe) && performance.now() - at < PATIENCE) return true;
    this.expected = undefined;
    return false;
  }

  /** The page shows another run: what was to be told is of one that is no more. */
  forget() {
    this.close();
    this.seedTimer = undefined;
    this.expected = undefined;
  }

  /** Whether the page wants to know where the run rests and which training point is picked. */
  get follows() {
    return Boolean(this.data?.follow);
  }

  /** Where the run has come to rest, for a page that follows. @param {number} [sample] just picked */
  moment(epoch, sample) {
    if (!this.follows) return;
    if (sample !== undefined) this.sample = sample;
    const moment = { epoch, sample: this.sample ?? null, start: this.run.starts };
    const words = JSON.stringify(moment);
    if (words === this.told) return;
    this.told = words;
    clearTimeout(this.momentTimer);
    this.momentTimer = setTimeout(() => this.setStateValue("moment", moment), SETTLED);
  }

  close() {
    for (const timer of [this.recipeTimer, this.seedTimer, this.momentTimer]) clearTimeout(timer);
  }
}
