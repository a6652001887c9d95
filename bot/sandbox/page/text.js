// Formatted text: entities become elements. Offsets are UTF-16 units, as in JavaScript's strings.

import { h } from "./dom.js";
import { t } from "./words.js";

/** The nodes for `text`; `does` says what a copy, a command and a link do. */
export function formatted(text, entities, does) {
  const tree = entities.map((entity) => ({ ...entity, end: entity.offset + entity.length }));
  return span(text, 0, text.length, tree, does);
}

function span(text, from, to, entities, does) {
  const nodes = [];
  let at = from;
  for (let i = 0; i < entities.length; i++) {
    const entity = entities[i];
    if (entity.offset < at || entity.offset >= to) continue;
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    const end = Math.min(entity.end, to);
    const inner = entities.slice(i + 1).filter((other) => other.offset < end && other.end <= entity.end);
    nodes.push(element(entity, text.slice(entity.offset, end), span(text, entity.offset, end, inner, does), does));
    at = end;
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

const PLAIN = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

function element(entity, raw, inner, does) {
  if (entity.type in PLAIN) return h(PLAIN[entity.type], {}, ...inner);
  switch (entity.type) {
    case "code":
    case "pre":
      return copyable(entity.type, raw, does);
    case "text_link":
      return link(entity.url, inner, does);
    case "url":
      return link(/^https?:/.test(raw) ? raw : `https://${raw}`, inner, does);
    case "bot_command":
      return h("button", { type: "button", class: "inline-link", onclick: () => does.command(raw) }, raw);
    case "spoiler":
      return spoiler(inner);
    case "mention":
    case "hashtag":
    case "email":
      return h("span", { class: "accent" }, ...inner);
    default:
      return h("span", {}, ...inner);
  }
}

function copyable(tag, raw, does) {
  const copy = () => does.copy(raw);
  const label = t("tapToCopy", { text: raw });
  const key = (event) => ["Enter", " "].includes(event.key) && (event.preventDefault(), copy());
  return h(tag, { class: "copyable", tabIndex: 0, role: "button", "aria-label": label, title: label, onclick: copy, onkeydown: key }, raw);
}

function spoiler(inner) {
  const reveal = () => {
    node.classList.add("revealed");
    node.removeAttribute("role");
    node.removeAttribute("aria-label");
  };
  const key = (event) => event.key === "Enter" && reveal();
  const node = h("span", { class: "spoiler", tabIndex: 0, role: "button", "aria-label": t("spoiler"), onclick: reveal, onkeydown: key }, ...inner);
  return node;
}

function link(url, inner, does) {
  if (!/^(https?|tg):/i.test(url)) return h("span", { class: "accent" }, ...inner);
  const open = (event) => does.link(url) && event.preventDefault();
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer", onclick: open }, ...inner);
}
