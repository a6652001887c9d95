// The page: two phones side by side, the cast beside them, and a hint of what to try.
//
// Stable hooks for browser tests (data-testid; more attributes in brackets):
//   hint, hint-try, lang, theme, offline
//   person [data-person]                one line of the cast; badge inside it counts unread messages
//   add-person > new-name, new-note, new-language, new-add
//   phone [data-side, data-person]      with choose-person (a select), note, chat-menu, log
//     message [data-message]            class in/out; text, message-menu, keyboard inside it
//       button [data-row, data-column, data-style; aria-busy]       an inline button
//       poll-option [data-option]
//     composer (the text field), send, commands, attach, file (input), toggle-keyboard
//     suggestions > command [data-command] | inline-result [data-result] | inline-more | inline-button
//     reply-bar, reply-keyboard > reply-key, start, start-plain, unblock
//     toast, alert > alert-ok
//   menu > menu-reply, menu-copy, menu-edit, menu-forward, menu-delete, menu-block, menu-unblock,
//          menu-clear, choose-file, sample-photo, sample-sticker, sample-voice, sample-video
//   follow [aria-pressed], next-up      the right phone's follow mode, and who waits to be shown
// html[data-ready] is set once the first chats are on screen.

import * as api from "./api.js";
import { fullName } from "./bubble.js";
import { h, icon, iconButton } from "./dom.js";
import { caption, peopleList } from "./people.js";
import { Phone } from "./phone.js";
import { lang, setLang, t } from "./words.js";

const narrow = matchMedia("(max-width: 759px)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const LINGER = 1600; // milliseconds the right phone stays, so that its toast can be read

class App {
  constructor(place) {
    this.root = place;
    this.follow = localStorage.getItem("follow") !== "no";
    this.setTheme(localStorage.getItem("theme"));
    place.append(h("p", { class: "loading" }, t("loading")));
    dark.addEventListener("change", () => this.state && this.renderBar());
    narrow.addEventListener("change", () => this.state && this.renderPeople());
    document.addEventListener("visibilitychange", () => this.phones?.forEach((phone) => this.read(phone)));
  }

  run() {
    api.listen(
      (event) => this.heard(event),
      () => this.setOffline(true),
    );
  }

  async load() {
    this.keep(await api.state());
    if (!this.phones) this.build();
    await this.seat();
    this.renderAll();
    this.openDeepLink();
    this.setOffline(false);
    document.documentElement.dataset.ready = "yes";
  }

  keep(state) {
    this.state = { ...state, people: new Map(state.people.map((person) => [person.id, person])) };
  }

  build() {
    this.left = new Phone("left", this);
    this.right = new Phone("right", this);
    this.phones = [this.left, this.right];
    this.active = this.left;
    this.bar = h("header", { class: "bar" });
    this.hint = h("div", { class: "hint", "data-testid": "hint", role: "note" });
    this.offline = h("div", { class: "offline", role: "alert", hidden: true, "data-testid": "offline" });
    this.rail = h("nav", { class: "rail", "aria-label": t("people") });
    this.followBar = h("div", { class: "follow-bar" });
    const main = h("main", { class: "desk" }, this.rail, this.left.element, this.right.element);
    this.root.replaceChildren(this.bar, this.hint, this.offline, main);
  }

  /** Give each phone a person: as before, else the first two of the cast. */
  async seat() {
    const { people } = this.state;
    const ids = [...people.keys()];
    if (!people.has(this.left.person)) this.left.person = null;
    if (!people.has(this.right.person)) this.right.person = null;
    const saved = Number(new URLSearchParams(location.search).get("as") ?? localStorage.getItem("left"));
    const left = this.left.person ?? (people.has(saved) ? saved : ids[0]);
    const others = ids.filter((id) => id !== left);
    const before = Number(sessionStorage.getItem("right"));
    const right = this.right.person ?? (others.includes(before) ? before : others[0]);
    this.left.element.hidden = left === undefined;
    this.right.element.hidden = right === undefined;
    const shown = [left !== undefined && this.left.show(left), right !== undefined && this.right.show(right)];
    await Promise.all(shown);
  }

  renderAll() {
    document.documentElement.lang = lang() === "zh" ? "zh-CN" : "en";
    document.title = `${this.state.bot.first_name} · ${t("sandbox")}`;
    this.renderBar();
    this.renderHint();
    this.renderPeople();
  }

  renderBar() {
    const theme = document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");
    const name = h("div", { class: "brand" }, h("img", { src: "/page/icon.svg", alt: "" }), h("h1", {}, this.state.bot.first_name), h("span", {}, t("sandbox")));
    const other = theme === "dark" ? "light" : "dark";
    const tools = h(
      "div",
      { class: "tools" },
      iconButton(theme === "dark" ? "sun" : "moon", t("theme", { now: t(theme) }), { "data-testid": "theme", onclick: () => (this.setTheme(other), this.renderBar()) }),
      h("button", { type: "button", class: "text-button", "aria-label": t("language"), "data-testid": "lang", onclick: () => this.switchLanguage() }, t("other")),
    );
    this.bar.replaceChildren(name, h("p", { class: "about" }, t("about")), tools);
  }

  /** The caller's hint; what stands in `backticks` can be put into the left phone at a click. */
  renderHint() {
    const words = this.state.hint[lang()] ?? "";
    this.hint.hidden = !words || sessionStorage.getItem("hint") === words;
    const fill = (text) => () => this.left.composer.fill(text);
    const part = (text, number) =>
      number % 2 ? h("button", { type: "button", class: "try", title: t("tryIt"), "data-testid": "hint-try", onclick: fill(text) }, text) : text;
    const close = () => (sessionStorage.setItem("hint", words), this.renderHint());
    this.hint.replaceChildren(h("span", {}, ...words.split("`").map(part)), iconButton("close", t("dismissHint"), { onclick: close }));
  }

  renderPeople() {
    const focused = document.activeElement?.dataset?.person;
    this.rail.replaceChildren(...peopleList(this));
    if (focused && this.rail.isConnected) this.rail.querySelector(`[data-person="${focused}"]`)?.focus();
    for (const phone of this.phones) {
      if (phone.caption.contains(document.activeElement)) continue; // an open select stays open
      phone.caption.replaceChildren(...caption(phone, this));
    }
    if (narrow.matches) this.rail.querySelector(".shown")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.right.caption.append(this.followBar);
    this.renderFollow();
  }

  renderFollow() {
    const label = this.follow ? t("follow") : t("pinned");
    const toggle = h("button", { type: "button", class: "follow", "aria-pressed": String(this.follow), title: t("followHelp"), "data-testid": "follow", onclick: () => this.setFollow(!this.follow) }, icon(this.follow ? "follow" : "pin"), label);
    const next = this.nextUp && this.state.people.get(this.nextUp);
    const show = () => this.place(this.right, this.nextUp, { keepFollowing: true });
    const waiting = next && h("button", { type: "button", class: "next-up", "data-testid": "next-up", onclick: show }, t("switching", { name: fullName(next) }), h("b", {}, t("switchNow")));
    this.followBar.replaceChildren(...[waiting, toggle].filter(Boolean));
  }

  setFollow(follow) {
    this.follow = follow;
    localStorage.setItem("follow", follow ? "yes" : "no");
    this.renderFollow();
  }

  setTheme(theme) {
    if (!theme) return;
    document.documentElement.dataset.theme = theme;
    localStorage.setItem("theme", theme);
  }

  async switchLanguage() {
    setLang(lang() === "zh" ? "en" : "zh");
    const seats = this.phones.map((phone) => phone.person);
    this.build();
    this.phones.forEach((phone, number) => (phone.person = seats[number]));
    await this.load();
    this.bar.querySelector("[data-testid=lang]").focus();
  }

  setOffline(offline) {
    if (!this.offline) return;
    this.offline.hidden = !offline;
    this.offline.textContent = offline ? t("offline") : "";
  }

  whereIs(person) {
    if (this.left.person === person) return "left";
    return this.right.person === person && !narrow.matches ? "right" : "";
  }

  /** Somebody was chosen from the cast. */
  choose(person) {
    const at = this.whereIs(person);
    if (at) return this[at].composer.field.focus();
    return this.place(narrow.matches ? this.left : this.right, person);
  }

  /** Hand a phone to a person; whoever held it takes the other one if need be. */
  async place(phone, person, { keepFollowing = false } = {}) {
    const other = phone === this.left ? this.right : this.left;
    const given = phone.person;
    if (phone === this.right && !keepFollowing) this.setFollow(false);
    this.nextUp = null;
    const moves = [phone.show(person)];
    if (other.person === person) moves.push(other.show(given));
    if (this.left.person) localStorage.setItem("left", String(this.left.person));
    if (this.right.person) sessionStorage.setItem("right", String(this.right.person));
    this.renderPeople();
    this.rail.querySelector(`[data-person="${person}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    await Promise.all(moves);
  }

  /** Somebody new gets the right phone, or the only one. */
  async welcome(person) {
    this.state.people.set(person.id, person);
    if (!this.left.person) return this.seat().then(() => this.renderPeople());
    this.right.element.hidden = false;
    return this.choose(person.id);
  }

  heard(event) {
    if (event.kind === "hello") return this.load().catch(() => this.setOffline(true));
    if (!this.state) return null;
    if (["people", "bot"].includes(event.kind)) return this.refresh();
    if (event.kind === "commands") return this.phones.forEach((phone) => phone.learn());
    if (event.summary) this.state.people.set(event.summary.id, event.summary);
    for (const phone of this.phones) if (event.person === phone.person) phone.heard(event);
    if (event.kind === "message") this.consider(event);
    return event.summary && this.soon();
  }

  /** Draw the cast once for a burst of changes. */
  soon() {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => ((this.drawing = 0), this.renderPeople()));
  }

  /** The cast or the bot's name changed; the chats stay as they are. */
  refresh() {
    clearTimeout(this.refreshing);
    this.refreshing = setTimeout(async () => {
      const state = await api.state();
      this.keep(state);
      if (this.phones.some((phone) => !this.state.people.has(phone.person))) await this.seat();
      this.renderAll();
      for (const phone of this.phones) if (phone.chat) phone.renderTitle();
    }, 60);
  }

  /** A new card for somebody: the right phone turns to them, unless it is being used. */
  consider(event) {
    const card = event.post && !event.post.out && event.post.wire.reply_markup;
    if (!card || event.person === this.left.person || event.person === this.right.person) return;
    if (!this.follow || narrow.matches) return;
    this.nextUp = event.person;
    this.renderFollow();
    clearTimeout(this.turning);
    this.turning = setTimeout(() => this.turn(), LINGER);
  }

  turn() {
    const busy = this.right.composer.field.value || !this.right.alertPlace.hidden;
    if (!this.nextUp || busy || !this.follow) return;
    this.place(this.right, this.nextUp, { keepFollowing: true });
  }

  /** The phone's chat is being looked at. */
  read(phone) {
    const seen = !document.hidden && !(narrow.matches && phone === this.right);
    const person = this.state.people.get(phone.person);
    if (seen && person?.unread) api.act(phone.person, "read").catch(() => {});
  }

  /** The start payload of a link to this bot: a string, perhaps empty; null for other links. */
  payload(url) {
    const { username } = this.state.bot;
    const parsed = new URL(url, location.href);
    const short = parsed.hostname === "t.me" && parsed.pathname.toLowerCase() === `/${username.toLowerCase()}`;
    const long = parsed.protocol === "tg:" && parsed.searchParams.get("domain")?.toLowerCase() === username.toLowerCase();
    const here = parsed.host === location.host && parsed.pathname === `/${username}`;
    return short || long || here ? (parsed.searchParams.get("start") ?? "") : null;
  }

  /** This page was opened by a deep link: the person on the left follows it. */
  openDeepLink() {
    const payload = this.payload(location.href);
    if (payload === null || location.pathname === "/") return;
    history.replaceState(null, "", `/?lang=${lang()}`);
    this.left.act("start", payload ? { payload } : {});
  }
}

new App(document.getElementById("app")).run();
