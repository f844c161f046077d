/** The data and the network of a run, as described in replies. Pure. */

/**
 * The network and the data set of a run.
 * @param {Pick<import("./replies.js").OpenedHeader, "features" | "classNames" | "extent" | "sharedUnit" | "sizes" | "inputs" | "nAtStart" | "data">} header
 * @param {import("./replies.js").Arrays} arrays @param {Pick<import("./recipes.js").Recipe, "activation" | "output" | "standardise">} recipe
 * @returns {{net: import("../look.js").Net, scene: import("../plane/scene.js").Scene}}
 */
export function sceneOf(header, arrays, { activation, output, standardise }) {
  const { features, classNames, extent, sharedUnit, sizes, inputs, nAtStart } = header;
  return {
    net: { sizes, inputs, classNames, activation, output, standardise },
    scene: {
      features, classNames, extent, sharedUnit, nAtStart, ...pointsOf(header.data ?? "", arrays),
    },
  };
}

/**
 * The points of an epoch.
 * @param {string} data their name @param {import("./replies.js").Arrays} arrays
 * @returns {import("../plane/scene.js").Points}
 */
export function pointsOf(data, { trainPoints, trainLabels, testPoints, testLabels, numbers }) {
  const [train, test] = [partOf(trainPoints, trainLabels), partOf(testPoints, testLabels)];
  if (!numbers) return { train, test, data };
  const n = train.labels.length;
  return { train: { ...train, numbers: numbers.data.slice(0, n) }, test: { ...test, numbers: numbers.data.slice(n) }, data };
}

/**
 * @param {import("./replies.js").TypedArray<Float32Array>} [points]
 * @param {import("./replies.js").TypedArray<Uint8Array>} [labels]
 */
function partOf(points, labels) {
  if (!points || !labels) throw new TypeError("a run was opened without its data");
  return { points: points.data, labels: labels.data };
}
