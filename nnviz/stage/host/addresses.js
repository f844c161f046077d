/**
 * Where the server is, as the browser sees it: a proxy may put the page below a path that the server
 * does not know of.
 */

/** The path of the page's folder, without a slash at the end: "" or "/sub/path". */
export const base = () => new URL(".", document.baseURI).pathname.replace(/\/$/, "");
