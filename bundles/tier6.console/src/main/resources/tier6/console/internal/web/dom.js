// Elements of the page. What comes from the node only ever becomes text and attributes, never markup.

const SVG = "http://www.w3.org/2000/svg";

export const $ = id => document.getElementById(id);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child != null));
  return element;
}

export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

export const s = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/** Sets a text where it differs, so that what is selected stays so. */
export function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

/**
 * Makes the children of `parent` those of `items`, keeping each child by its key, so that focus and place stay.
 * `make` makes an element for an item, `update` puts the item into it.
 */
export function keep(parent, items, key, make, update) {
  const old = new Map([...parent.children].map(child => [child.dataset.key, child]));
  let next = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    let child = old.get(name);
    if (child) old.delete(name);
    else {
      child = make(item);
      child.dataset.key = name;
    }
    update(child, item);
    if (child === next) next = next.nextElementSibling;
    else parent.insertBefore(child, next);
  }
  old.forEach(child => child.remove());
}

/** A list that has something in it, or a sentence instead. */
export function orEmpty(id, sentence) {
  $(id).hidden = !sentence;
  text($(id), sentence || "");
}

/** Tells what was done, for eyes and for screen readers. */
export function toast(words) {
  const element = h("p", { class: "toast" }, words);
  $("toasts").append(element);
  setTimeout(() => element.remove(), 8000);
}

/** Asks before something is done; the answer is a promise of yes or no. */
export function ask(title, words, yes) {
  const dialog = $("question");
  text($("question-title"), title);
  text($("question-text"), words);
  text($("question-yes"), yes);
  dialog.returnValue = "no";
  dialog.showModal();
  $("question-yes").focus();
  return new Promise(resolve => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}
