/** The accuracy of always predicting the most frequent class, if classes are unequal. Pure. */

import { percent } from "./format.js";

/** @typedef {import("../plane/scene.js").Scene} Scene */

const UNEQUAL = 0.1; // above an equal share; as in `nnviz/choices/datasets.py`

/** @param {Pick<Scene, "classNames" | "train" | "test">} scene @returns {string} "" where classes are about equal */
export function majorityOf({ classNames, train, test }) {
  /** @param {Uint8Array} labels @param {number} k */
  const share = (labels, k) => (labels.length ? labels.reduce((sum, label) => sum + Number(label === k), 0) / labels.length : null);
  const shares = classNames.map((_, k) => share(train.labels, k) ?? 0);
  const most = shares.indexOf(Math.max(...shares));
  if (shares[most] < 1 / classNames.length + UNEQUAL) return "";
  const inTest = test.labels.length ? `, ${percent(share(test.labels, most))} test` : "";
  return `Always predicting ${classNames[most]}, the most frequent class: accuracy ${percent(shares[most])} train${inTest}.`;
}
