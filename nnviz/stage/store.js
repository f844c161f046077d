/** One state, changed by one `dispatch`; whoever shows something of it subscribes. */

/**
 * @template State
 * @callback Listener
 * @param {State} state as it is now
 * @param {State} before
 */

/** @template State */
export class Store {
  /** @type {Set<Listener<State>>} */
  listeners = new Set();
  waiting = [];
  isBusy = false;

  /**
   * @param {(state: State, event: object) => State} next pure
   * @param {State} state to begin with
   */
  constructor(next, state) {
    this.next = next;
    this.state = state;
  }

  /** Events that listeners dispatch come after the one that they hear of. @param {object} event */
  dispatch(event) {
    this.waiting.push(event);
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      while (this.waiting.length) this.take(this.waiting.shift());
    } finally {
      this.isBusy = false;
    }
  }

  take(event) {
    const before = this.state;
    this.state = this.next(before, event);
    if (this.state === before) return;
    for (const listener of this.listeners) listener(this.state, before);
  }

  /** @param {Listener<State>} listener @returns {() => void} lets go */
  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Hear only of one thing.
   * @template Part
   * @param {(state: State) => Part} select @param {(part: Part, before: Part) => void} changed
   * @returns {() => void} lets go
   */
  watch(select, changed) {
    return this.subscribe((state, before) => {
      const [now, then] = [select(state), select(before)];
      if (now !== then) changed(now, then);
    });
  }
}
