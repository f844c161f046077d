/** The live socket: one request at a time, and a new connection by itself when it drops. */

import { unpack } from "./codec.js";

const FIRST_WAIT = 250; // ms before the first new try; doubles up to LAST_WAIT
const LAST_WAIT = 8000;

export class LiveSocket {
  /**
   * @param {string} url
   * @param {{onOpen: () => void, onReply: (reply: object) => void, onClose: (why: string) => void}} on
   */
  constructor(url, on) {
    this.url = url;
    this.on = on;
    this.wait = FIRST_WAIT;
    this.busy = false; // a request is under way
    this.connect();
  }

  connect() {
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.busy = false;
      this.on.onOpen();
    };
    socket.onmessage = ({ data }) => {
      this.wait = FIRST_WAIT; // the server is well: the next drop is a new one
      this.busy = false;
      this.on.onReply(unpack(data));
    };
    socket.onclose = ({ reason }) => {
      if (this.socket !== socket) return; // closed on purpose
      this.busy = false;
      this.on.onClose(reason);
      this.timer = setTimeout(() => this.connect(), this.wait * (0.75 + Math.random() / 2));
      this.wait = Math.min(2 * this.wait, LAST_WAIT);
    };
    this.socket = socket;
  }

  get ready() {
    return this.socket.readyState === WebSocket.OPEN && !this.busy;
  }

  /** @param {object} request only while `ready` */
  send(request) {
    this.busy = true;
    this.socket.send(JSON.stringify(request));
  }

  close() {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = { readyState: WebSocket.CLOSED };
    socket.close();
  }
}
