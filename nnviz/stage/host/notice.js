/** A sentence on the page while no stage is there to show it. */

const ID = "nnviz-notice";

/** @param {string} text */
export function showNotice(text) {
  hideNotice();
  const notice = document.createElement("p");
  notice.id = ID;
  notice.setAttribute("role", "alert");
  notice.textContent = text;
  document.body.append(notice);
}

export const hideNotice = () => document.getElementById(ID)?.remove();
