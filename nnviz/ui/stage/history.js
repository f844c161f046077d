/** Metrics of every epoch so far, and a thinner copy of them for a chart. */

const METRICS = 4; // train loss, test loss, train accuracy, test accuracy
const MOST_POINTS = 200; // of one line in the chart: about one every other pixel

export class History {
  constructor() {
    this.rows = new Float32Array(METRICS * 1024);
    this.length = 0;
  }

  clear() {
    this.length = 0;
  }

  /** Put rows (a flat Float32Array) at epoch `since`; what lay beyond them is forgotten. */
  put(since, rows) {
    const length = since + rows.length / METRICS;
    while (this.rows.length < METRICS * length) {
      const grown = new Float32Array(2 * this.rows.length);
      grown.set(this.rows);
      this.rows = grown;
    }
    this.rows.set(rows, METRICS * since);
    this.length = length;
  }

  /** Every so many epochs, and the last: @returns {{epochs: number[], metrics: number[][]}} */
  thinned() {
    let stride = 1;
    while (this.length / stride > MOST_POINTS) stride *= 2;
    const epochs = [];
    const metrics = Array.from({ length: METRICS }, () => []);
    const add = (epoch) => {
      epochs.push(epoch);
      for (let m = 0; m < METRICS; m++) metrics[m].push(this.rows[METRICS * epoch + m]);
    };
    for (let epoch = 0; epoch < this.length; epoch += stride) add(epoch);
    if (this.length && (this.length - 1) % stride) add(this.length - 1);
    return { epochs, metrics };
  }
}
