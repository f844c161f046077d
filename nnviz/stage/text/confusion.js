/** How often each class is predicted as which: one small table for the training and the test part. */

/** @typedef {import("../plane/scene.js").Scene} Scene */
/** @typedef {import("../plane/scene.js").Part} Part */
/** @typedef {number[][]} Counts of samples: rows are the true class, columns the predicted one */

/**
 * @param {Part} part
 * @param {Uint8Array} predicted class index of every sample, those of this part from `first` on
 * @param {number} first @param {number} classes how many
 * @returns {Counts}
 */
export function confusion({ labels }, predicted, first, classes) {
  const counts = Array.from({ length: classes }, () => Array(classes).fill(0));
  labels.forEach((label, i) => {
    counts[label][predicted[first + i]] += 1;
  });
  return counts;
}

/** The share predicted rightly; null where there are no samples. @param {Counts} counts */
export function accuracyOf(counts) {
  const all = counts.flat().reduce((sum, n) => sum + n, 0);
  return all ? counts.reduce((sum, row, i) => sum + row[i], 0) / all : null;
}

/** Counts of both parts. @param {Scene} scene @param {Uint8Array} predicted @returns {{train: Counts, test: Counts}} */
export function confusions({ train, test, classNames }, predicted) {
  return {
    train: confusion(train, predicted, 0, classNames.length),
    test: confusion(test, predicted, train.labels.length, classNames.length),
  };
}

/**
 * Write both tables into an element.
 * @param {HTMLElement} element @param {Scene} scene
 * @param {{train: Counts, test: Counts}} counts @param {number} threshold
 */
export function showConfusions(element, { classNames }, counts, threshold) {
  const shown = JSON.stringify([classNames, counts, threshold]);
  if (element.dataset.shown === shown) return;
  element.dataset.shown = shown;
  const rule = document.createElement("p");
  rule.textContent = `Predicted “${classNames[1]}” where its probability is ${threshold.toFixed(2)} or more:`;
  element.replaceChildren(rule, ...Object.entries(counts).map(([part, rows]) => table(part, rows, classNames)));
}

/** @param {string} part @param {Counts} rows @param {string[]} names */
function table(part, rows, names) {
  const made = document.createElement("table");
  made.createCaption().textContent = part;
  const head = made.createTHead().insertRow();
  for (const text of ["true ↓ predicted →", ...names]) head.append(heading(text, "col"));
  const body = made.createTBody();
  rows.forEach((counts, k) => {
    const row = body.insertRow();
    row.append(heading(names[k], "row"));
    counts.forEach((n, j) => {
      const cell = row.insertCell();
      cell.textContent = String(n);
      cell.className = j === k ? "right" : "wrong";
    });
  });
  return made;
}

/** @param {string} text @param {"col" | "row"} scope */
function heading(text, scope) {
  const made = document.createElement("th");
  made.textContent = text;
  made.scope = scope;
  return made;
}
