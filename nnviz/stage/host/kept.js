/** Keeps texts that are too long for a link in the storage of this tab, for a reload. */

/** @typedef {{[link: string]: string}} Texts whole ones, each by what a link has in its place */

const DIGEST = ":~"; // in what a link has, see `nnviz/recipe/table.py`

/** @param {Texts} texts */
export function keep(texts) {
  for (const [link, text] of Object.entries(texts)) store(link, text);
}

/** If the storage is full, what was kept before is removed. @param {string} link @param {string} text */
function store(link, text) {
  try {
    if (sessionStorage.getItem(link) === text) return;
    try {
      sessionStorage.setItem(link, text);
    } catch {
      for (const name of Object.keys(sessionStorage)) if (name.includes(DIGEST)) sessionStorage.removeItem(name);
      sessionStorage.setItem(link, text);
    }
  } catch {
    // blocked, as in a frame without cookies, or still full: a reload then has to open a file
  }
}

/** Those that are known. @param {string[]} links @returns {Texts} */
export function kept(links) {
  try {
    const found = links.map((link) => [link, sessionStorage.getItem(link)]);
    return Object.fromEntries(found.filter(([, text]) => text));
  } catch {
    return {};
  }
}

/** Parameters of a link with whole texts, where they are known. @param {{[name: string]: string}} params */
export function whole(params) {
  const texts = kept(Object.values(params).filter((text) => text.includes(DIGEST)));
  return Object.fromEntries(Object.entries(params).map(([name, text]) => [name, texts[text] ?? text]));
}
