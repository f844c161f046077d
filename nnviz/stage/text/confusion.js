/** How often each class is predicted as what: one small table for the training and the test part. */

/**
 * @param {{labels: ArrayLike<number>}} part
 * @param {Uint8Array} predicted the class predicted for each sample, those of this part from `first` on
 * @returns {number[][]} rows the true class, columns the class predicted
 */
export function confusion({ labels }, predicted, first, k) {
  const counts = Array.from({ length: k }, () => Array(k).fill(0));
  labels.forEach((label, i) => {
    counts[label][predicted[first + i]] += 1;
  });
  return counts;
}

/** Rightly predicted / all; null where there are none. */
export function accuracyOf(counts) {
  const all = counts.flat().reduce((sum, n) => sum + n, 0);
  return all ? counts.reduce((sum, row, i) => sum + row[i], 0) / all : null;
}

/** Counts of both parts. */
export function confusions({ train, test, classNames }, predicted) {
  return {
    train: confusion(train, predicted, 0, classNames.length),
    test: confusion(test, predicted, train.labels.length, classNames.length),
  };
}

/** Write both tables into an element. */
export function showConfusions(element, { classNames }, counts, threshold) {
  const words = JSON.stringify([classNames, counts, threshold]);
  if (element.dataset.shown === words) return;
  element.dataset.shown = words;
  const rule = document.createElement("p");
  rule.textContent = `Called “${classNames[1]}” where its probability is ${threshold.toFixed(2)} or more:`;
  element.replaceChildren(rule, ...Object.entries(counts).map(([part, rows]) => table(part, rows, classNames)));
}

function table(part, rows, names) {
  const made = document.createElement("table");
  made.createCaption().textContent = part;
  const head = made.createTHead().insertRow();
  for (const text of ["is \\ predicted", ...names]) head.append(cell("th", text, "col"));
  const body = made.createTBody();
  rows.forEach((counts, k) => {
    const row = body.insertRow();
    row.append(cell("th", names[k], "row"), ...counts.map((n, j) => cell("td", String(n), j === k ? "right" : "wrong")));
  });
  return made;
}

function cell(kind, text, role) {
  const made = Object.assign(document.createElement(kind), { textContent: text });
  if (kind === "th") made.scope = role;
  else made.className = role;
  return made;
}
