/** One state, changed by `dispatch` alone; whatever shows a part of it subscribes. */

/**
 * @template State
 * @callback Listener
 * @param {State} state as it is now
 * @param {State} before
 */

/** @template State, Event */
export class Store {
  /** @type {Set<Listener<State>>} */
  listeners = new Set();
  /** @type {Event[]} dispatched while another one is under way */
  waiting = [];
  isBusy = false;

  /**
   * @param {(state: State, event: Event) => State} next pure
   * @param {State} state to begin with
   */
  constructor(next, state) {
    this.next = next;
    this.state = state;
  }

  /** Events that listeners dispatch are applied after the one that they are called for. @param {Event} event */
  dispatch(event) {
    this.waiting.push(event);
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      for (let first = this.waiting.shift(); first !== undefined; first = this.waiting.shift()) this.apply(first);
    } finally {
      this.isBusy = false;
    }
  }

  /** @param {Event} event */
  apply(event) {
    const before = this.state;
    this.state = this.next(before, event);
    if (this.state === before) return;
    for (const listener of this.listeners) listener(this.state, before);
  }

  /** @param {Listener<State>} listener @returns {() => void} unsubscribes */
  subscribe(listener) {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /**
   * Call `changed` only where one part of the state has changed.
   * @template Part
   * @param {(state: State) => Part} select @param {(part: Part, before: Part) => void} changed
   * @returns {() => void} unsubscribes
   */
  watch(select, changed) {
    return this.subscribe((state, before) => {
      const [now, then] = [select(state), select(before)];
      if (now !== then) changed(now, then);
    });
  }
}
