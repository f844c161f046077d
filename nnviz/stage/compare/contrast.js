/** What differs between runs side by side, described for each: “learning rate 0.5”, “learning rate 0.05”. Pure. */

import { NAMED, differs, editsOf, isEdited, isNamed } from "../run/ghosts.js";
import { described, written } from "../run/phrases.js";
import { finalSettings } from "../run/recipes.js";

/** @typedef {import("../run/recipes.js").Recipe} Recipe */
/** @typedef {import("../run/phrases.js").Phrases} Phrases */

/**
 * @param {Recipe[]} recipes @param {Phrases} phrases
 * @returns {string[]} a description of each
 */
export function contrasts(recipes, phrases) {
  const fields = Object.keys(phrases.fields).filter((field) => recipes.some((one) => recipes.some((other) => isNamed(field, one, other, phrases))));
  const others = ["weight", "points"].filter((field) => recipes.some((recipe) => differs(field, recipe, recipes[0])));
  return recipes.map((recipe) => {
    const found = [...fields.map((field) => valueOf(field, recipe, recipes, phrases)), ...others.map((field) => handmade(field, recipe))];
    const more = found.length - NAMED;
    return (found.slice(0, NAMED).join(", ") || "the same settings") + (more > 0 ? ` and ${more} more` : "");
  });
}

/** @param {string} field @param {Recipe} recipe @param {Recipe[]} recipes @param {Phrases} phrases */
function valueOf(field, recipe, recipes, phrases) {
  const value = finalSettings(recipe)[field];
  const text = described(phrases, field, value);
  if (isEdited(field, recipe)) return `${text} from epoch ${editsOf(field, recipe).at(-1)?.[0]}`;
  const isReached = recipes.some((other) => isEdited(field, other) && written(finalSettings(other)[field]) === written(value));
  return isReached ? `${text} from the start` : text;
}

/** @param {string} field @param {Recipe} recipe */
function handmade(field, recipe) {
  const what = field === "weight" ? "weights set by hand" : "points drawn";
  return isEdited(field, recipe) ? what : `no ${what}`;
}
