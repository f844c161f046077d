/** Keeps the page for visits without a network, by a service worker. */

const NO_ROOM = "The browser could not keep the page, as it has no room or a file is missing: the next visit needs the network.";

/**
 * To be called when Python is there, so that keeping the files does not delay it. Where the browser has no
 * service workers, as in a private window or on a host without HTTPS, nothing is kept.
 * @param {(sentence: string) => void} showNote
 */
export async function keepForOffline(showNote) {
  if (!navigator.serviceWorker) return;
  try {
    const registration = await navigator.serviceWorker.register("./sw.js", { updateViaCache: "none" });
    const { installing, active } = registration;
    active?.postMessage("keep"); // what was forgotten meanwhile
    installing?.addEventListener("statechange", () => installing.state === "redundant" && !registration.active && showNote(NO_ROOM));
  } catch {
    // offline already, or not allowed here: the page works all the same
  }
}

/**
 * Forget what was kept, so that the next try takes the files from the network; without one they stay.
 * They are kept again when Python has started.
 */
export async function forgetKept() {
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  if (!registration || !navigator.onLine) return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(`nnviz ${registration.scope} `)).map((name) => caches.delete(name)));
}
