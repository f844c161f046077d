/** The metrics of every epoch known, and a thinner copy of them for a chart. */

const METRICS = 4; // train loss, test loss, train accuracy, test accuracy
const BLOCK = 1024; // epochs whose rows are stored together, so that a long run takes memory little by little
const MOST_POINTS = 200; // of one line in the chart: about one every other pixel

/** @typedef {{epochs: number[], metrics: number[][]}} Lines of a chart: some epochs, and each metric at these */

export class History {
  /** @type {Float32Array[]} */
  #blocks = [new Float32Array(METRICS * BLOCK)];
  length = 0; // epochs known

  /** Forget the rows from an epoch on. @param {number} epoch */
  cut(epoch) {
    this.length = Math.min(this.length, epoch);
  }

  /**
   * Write rows from an epoch on; rows known after them stay.
   * @param {number} since @param {ArrayLike<number>} rows one after the other
   */
  put(since, rows) {
    const length = since + rows.length / METRICS;
    while (this.#blocks.length * BLOCK < length) this.#blocks.push(new Float32Array(METRICS * BLOCK));
    for (let i = 0; i < rows.length; i++) {
      const place = METRICS * since + i;
      this.#blocks[Math.floor(place / (METRICS * BLOCK))][place % (METRICS * BLOCK)] = rows[i];
    }
    this.length = Math.max(this.length, length);
  }

  /** The last epoch known. */
  get last() {
    return Math.max(0, this.length - 1);
  }

  /** @param {number} epoch */
  trainLoss(epoch) {
    return this.#metric(epoch, 0);
  }

  /** NaN where there is no test part. @param {number} epoch */
  testLoss(epoch) {
    return this.#metric(epoch, 1);
  }

  /**
   * Some of the epochs known, with the first and the last among them.
   * @param {boolean} [logarithmic] evenly spaced on a logarithmic axis
   * @returns {Lines}
   */
  thinned(logarithmic = false) {
    const epochs = logarithmic ? geometric(this.length) : even(this.length);
    const metrics = Array.from({ length: METRICS }, (_, m) => epochs.map((epoch) => this.#metric(epoch, m)));
    return { epochs, metrics };
  }

  /** NaN far beyond the epochs known. @param {number} epoch @param {number} m which of the metrics */
  #metric(epoch, m) {
    return this.#blocks[Math.floor(epoch / BLOCK)]?.[METRICS * (epoch % BLOCK) + m] ?? NaN;
  }
}

/** Multiples of a power of two, so that the lines do not flicker while a run goes on. @param {number} length */
function even(length) {
  let stride = 1;
  while (length / stride > MOST_POINTS) stride *= 2;
  const epochs = [];
  for (let epoch = 0; epoch < length; epoch += stride) epochs.push(epoch);
  if (length && (length - 1) % stride) epochs.push(length - 1);
  return epochs;
}

/** @param {number} length */
function geometric(length) {
  /** @type {Set<number>} */
  const epochs = new Set();
  for (let i = 0; i <= MOST_POINTS && length; i++) epochs.add(Math.round(length ** (i / MOST_POINTS)) - 1);
  return [...epochs];
}
