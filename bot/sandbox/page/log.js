// The scrolling list of messages of one chat.

import { bubble } from "./bubble.js";
import { h, icon } from "./dom.js";
import { lang, t } from "./words.js";

const NEAR = 80; // pixels from the end that still count as "at the end"

export class Log {
  constructor(does) {
    this.does = does;
    this.nodes = new Map();
    this.list = h("div", { class: "log", role: "log", tabIndex: 0, "data-testid": "log", "aria-live": "polite" });
    this.toEnd = h("button", { type: "button", class: "to-end", hidden: true, "aria-label": t("newMessages"), title: t("newMessages"), onclick: () => this.scrollToEnd() }, icon("down"));
    this.element = h("div", { class: "log-frame" }, this.list, this.toEnd);
    this.list.addEventListener("scroll", () => (this.toEnd.hidden = this.atEnd()));
  }

  /** Show exactly these posts. */
  render(posts, label, empty) {
    this.list.setAttribute("aria-label", label);
    this.list.setAttribute("aria-live", "off"); // a chat that is opened is not read out from the start
    this.nodes.clear();
    this.list.replaceChildren();
    if (empty) this.list.append(empty);
    this.day = "";
    for (const post of posts) this.append(post);
    this.scrollToEnd();
    requestAnimationFrame(() => this.list.setAttribute("aria-live", "polite"));
  }

  append(post) {
    this.list.querySelector(".empty")?.remove();
    const day = new Date(post.wire.date * 1000).toDateString();
    if (day !== this.day) this.list.append(h("div", { class: "day" }, dayName(post.wire.date)));
    this.day = day;
    const node = bubble(post, this.does);
    this.nodes.set(post.wire.message_id, node);
    this.list.append(node);
  }

  /** Add a post, or draw it anew where it is. */
  put(post) {
    const old = this.nodes.get(post.wire.message_id);
    const follow = this.atEnd() || (!old && post.out);
    if (!old) {
      this.append(post);
      this.nodes.get(post.wire.message_id).classList.add("arriving");
    } else this.replace(old, post);
    if (follow) this.scrollToEnd();
    else if (!old) this.toEnd.hidden = false;
  }

  replace(old, post) {
    const node = bubble(post, this.does);
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(node);
    this.nodes.set(post.wire.message_id, node);
    if (!focused) return;
    const { row, column } = focused.dataset;
    const same = row && node.querySelector(`[data-row="${row}"][data-column="${column}"]`);
    (same ?? node.querySelector(".kb-button") ?? node).focus({ preventScroll: true });
  }

  remove(id) {
    this.nodes.get(id)?.remove();
    this.nodes.delete(id);
  }

  jump(id) {
    const node = this.nodes.get(id);
    if (!node) return;
    node.scrollIntoView({ block: "center" });
    node.focus({ preventScroll: true });
    node.classList.remove("found");
    requestAnimationFrame(() => node.classList.add("found"));
  }

  atEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR;
  }

  scrollToEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.toEnd.hidden = true;
  }
}

function dayName(date) {
  const day = new Date(date * 1000);
  if (day.toDateString() === new Date().toDateString()) return t("today");
  return day.toLocaleDateString(lang() === "zh" ? "zh-CN" : "en-GB", { month: "long", day: "numeric" });
}
