// What opens above the composer: commands, and inline results as one types.

import * as api from "./api.js";
import { h } from "./dom.js";
import { t } from "./words.js";

const PAUSE = 150; // milliseconds of silence before a search is asked for

/** A listbox steered from the text field: arrows move, Enter chooses, Escape closes. */
export class Suggestions {
  constructor(side) {
    this.id = `suggestions-${side}`;
    this.element = h("div", { class: "suggestions", role: "listbox", id: this.id, hidden: true, "data-testid": "suggestions" });
    this.options = [];
    this.at = -1;
  }

  get open() {
    return !this.element.hidden;
  }

  /** Show `nodes`: elements with role option, whose `choose` property acts. */
  show(nodes, label, field, { first = true } = {}) {
    this.field = field;
    this.options = nodes.filter((node) => node.choose);
    this.element.replaceChildren(...nodes);
    this.element.setAttribute("aria-label", label);
    this.element.hidden = nodes.length === 0;
    this.options.forEach((node, number) => (node.id = `${this.id}-${number}`));
    this.mark(first && this.options.length ? 0 : -1);
    this.element.scrollTop = 0;
    field.setAttribute("aria-expanded", String(this.open));
  }

  close() {
    this.element.hidden = true;
    this.options = [];
    this.field?.removeAttribute("aria-activedescendant");
    this.field?.setAttribute("aria-expanded", "false");
  }

  mark(at) {
    this.at = at;
    this.options.forEach((node, number) => node.setAttribute("aria-selected", String(number === at)));
    const chosen = this.options[at];
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) this.field.setAttribute("aria-activedescendant", chosen.id);
    else this.field?.removeAttribute("aria-activedescendant");
  }

  /** Whether the key was for the list. */
  key(event) {
    if (!this.open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = this.options.length;
    if (step && count) this.mark((this.at + step + count) % count);
    else if (event.key === "Escape") this.close();
    else if (["Enter", "Tab"].includes(event.key) && this.options[this.at]) this.options[this.at].choose();
    else return false;
    return true;
  }
}

/** One choice in a list. */
export function option(title, detail, choose, testid, extra = {}) {
  const node = h(
    "div",
    { class: "suggestion", role: "option", "aria-selected": "false", "data-testid": testid, onclick: choose, ...extra },
    h("span", { class: "suggestion-title" }, title),
    detail && h("span", { class: "suggestion-detail" }, detail),
  );
  node.choose = choose;
  node.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps its focus
  return node;
}

const note = (text) => h("div", { class: "suggestion-note", role: "presentation" }, text);

/** Asks the bot for results while somebody types `@bot words`. */
export class Search {
  constructor(composer) {
    this.composer = composer;
    this.turn = 0;
  }

  stop() {
    this.turn++;
    clearTimeout(this.timer);
  }

  ask(words) {
    this.stop();
    const turn = this.turn;
    this.timer = setTimeout(() => this.fetch(words, "", [], turn), PAUSE);
  }

  async fetch(words, offset, before, turn) {
    const { composer } = this;
    if (!before.length && !composer.suggestions.open) composer.suggest([note(t("searching"))], t("results"));
    let answer;
    try {
      answer = await api.act(composer.person, "inline", { query: words, offset });
    } catch {
      if (turn === this.turn) composer.suggest([note(t("noAnswer"))], t("results"));
      return;
    }
    if (turn !== this.turn) return; // somebody typed on
    const nodes = [...before, ...answer.results.map((result) => this.result(answer.query, result))];
    const top = answer.button && !offset ? [this.button(answer.button)] : [];
    const more = answer.next_offset ? [this.more(words, answer.next_offset, nodes, turn)] : [];
    const shown = nodes.length || top.length ? [...top, ...nodes, ...more] : [note(t("noResults"))];
    composer.suggest(shown, t("results"));
    if (offset) composer.suggestions.mark(before.length + top.length);
  }

  result(query, result) {
    const choose = () => this.composer.pick(query, result.id);
    return option(result.title, result.description, choose, "inline-result", { "data-result": result.id });
  }

  more(words, offset, before, turn) {
    return option(t("more"), "", () => this.fetch(words, offset, before, turn), "inline-more", { class: "suggestion more" });
  }

  button(button) {
    const choose = () => this.composer.start(button.start_parameter);
    return option(button.text, "", choose, "inline-button", { class: "suggestion more" });
  }
}
