/**
 * The service worker: keeps the site for visits without a network. The builder writes above what it
 * keeps: `VERSION`, which changes with any file, `FILES`, their paths below this script's, and `LATER`,
 * those that are kept once they have been needed.
 *
 * Files in folders with a version in their names never change, and come from the cache. The page itself
 * comes from the network where that is there, and so is never older than the site. The host is asked each
 * time: if it does not limit how long a file may be kept, a browser uses its own copy for days.
 */

/* global VERSION, FILES, LATER */

const SITE = `nnviz ${self.registration.scope} `; // others may be on the same host
const CACHE = SITE + VERSION;
const PAGE = new URL("./index.html", self.location.href).href;
const CHECKED = { cache: "no-cache" }; // the browser's own copy is used once the host has said that it is the newest
const addresses = (paths) => new Set(paths.map((path) => new URL(path, self.location.href).href));
const [KEPT, NEEDED] = [addresses(FILES), addresses(LATER)];

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("message", (event) => event.waitUntil(keep().catch(() => {}))); // the page asks for it at every visit
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (request.method === "GET" && KEPT.has(request.url)) event.respondWith(file(request));
  else if (request.method === "GET" && NEEDED.has(request.url)) event.respondWith(needed(request));
});

/** Keep all files or none, unless they are kept already: it fails where one is missing, or where there is no room. */
async function keep() {
  const cache = await caches.open(CACHE);
  if ((await cache.keys()).filter(({ url }) => KEPT.has(url)).length === KEPT.size) return;
  try {
    await cache.addAll(FILES.map(requestOf));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
  await self.skipWaiting();
}

/** What lies in no folder with a version may have changed. @param {string} path "./name" or "./folder/name" */
const requestOf = (path) => (path.split("/").length > 2 ? path : new Request(path, CHECKED));

/** Forget earlier sites. */
async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(SITE) && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** @param {Request} request */
async function page(request) {
  try {
    return await fetch(request, CHECKED);
  } catch (error) {
    const kept = await caches.match(PAGE, { cacheName: CACHE });
    if (kept) return kept;
    throw error;
  }
}

/** @param {Request} request */
async function file(request) {
  return (await caches.match(request, { cacheName: CACHE })) ?? fetch(request);
}

/** A file that is kept from its first use on, where there is room. @param {Request} request */
async function needed(request) {
  const kept = await caches.match(request, { cacheName: CACHE });
  if (kept) return kept;
  const answer = await fetch(request);
  const cache = await caches.open(CACHE);
  if (answer.ok) await cache.put(request, answer.clone()).catch(() => {});
  return answer;
}
