// One phone: whose it is, the chat with the bot, and what happens when things are used.

import * as api from "./api.js";
import { fullName } from "./bubble.js";
import { Composer } from "./composer.js";
import { avatar, h, iconButton, openMenu } from "./dom.js";
import { Log } from "./log.js";
import { t } from "./words.js";

const TOAST = 3500; // milliseconds a toast stays

export class Phone {
  constructor(side, app) {
    this.side = side;
    this.app = app;
    this.person = null;
    this.build();
  }

  get bot() {
    return this.app.state.bot;
  }

  /** Whether this phone was used last. */
  get active() {
    return this.app.active === this;
  }

  build() {
    this.log = new Log(this.actions());
    this.composer = new Composer(this.side, this);
    this.title = h("div", { class: "chat-title" });
    this.toasts = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
    this.alertPlace = h("div", { class: "alert-place", hidden: true });
    this.menuButton = iconButton("more", t("chatMenu"), { "data-testid": "chat-menu", "aria-haspopup": "menu", onclick: () => this.openChatMenu() });
    this.header = h("header", { class: "chat-header" }, this.title, this.menuButton);
    this.frame = h("div", { class: "phone" }, this.header, this.log.element, this.toasts, this.composer.element, this.alertPlace);
    this.caption = h("div", { class: "caption" });
    this.element = h("section", { class: `phone-place ${this.side}`, "data-testid": "phone", "data-side": this.side }, this.caption, this.frame);
    this.element.addEventListener("focusin", () => (this.app.active = this));
    this.element.addEventListener("pointerdown", () => (this.app.active = this));
  }

  /** Hand the phone to another person. */
  async show(person) {
    const changed = person !== this.person;
    this.person = person;
    this.element.dataset.person = String(person);
    if (changed) {
      this.composer.clear();
      this.closeAlert();
      this.toasts.replaceChildren();
      this.frame.classList.remove("changing");
      requestAnimationFrame(() => this.frame.classList.add("changing"));
    }
    await this.reload();
  }

  async reload() {
    const { person } = this;
    const chat = await api.chat(person);
    if (person !== this.person) return; // somebody changed it again meanwhile
    this.chat = chat;
    this.render();
    this.app.read(this);
  }

  render() {
    const { chat } = this;
    const name = fullName(chat.person);
    this.element.setAttribute("aria-label", t("phoneOf", { name }));
    this.renderTitle();
    const words = chat.description || t("emptyChat");
    const empty = chat.posts.length ? null : h("div", { class: "empty" }, avatar(this.bot.id, this.bot.first_name), h("b", {}, this.bot.first_name), h("p", {}, words));
    this.log.render(chat.posts, t("chatLog", { name: this.bot.first_name }), empty);
    this.composer.render(chat);
  }

  renderTitle() {
    const status = this.chat.action === "typing" ? t("typing") : t("bot");
    const lines = h("span", { class: "chat-names" }, h("b", {}, this.bot.first_name), h("small", {}, status));
    this.title.replaceChildren(avatar(this.bot.id, this.bot.first_name), lines);
  }

  /** Something changed in the chat of the person who holds this phone. */
  heard(event) {
    if (!this.chat) return;
    const { posts } = this.chat;
    const at = posts.findIndex((post) => post.wire.message_id === event.message);
    this.chat.person = event.summary;
    if (event.kind === "deleted") {
      if (at >= 0) posts.splice(at, 1);
      this.log.remove(event.message);
    } else if (event.post) {
      if (at >= 0) posts[at] = event.post;
      else posts.push(event.post);
      this.log.put(event.post);
    }
    if (event.kind === "message") this.arrived(event);
    if (event.kind === "blocked") this.composer.render(this.chat);
    if (event.kind === "action") (this.chat.action = event.action), this.renderTitle();
    if (event.kind === "answered") this.answered(event);
  }

  arrived(event) {
    const gated = this.composer.row.hidden;
    this.chat.action = "";
    this.chat.keyboard = event.keyboard;
    this.renderTitle();
    if (gated) {
      this.composer.render(this.chat);
      if (this.active) this.composer.field.focus();
    } else if (!event.post?.out) this.composer.setKeyboard(event.keyboard);
    else if (!event.keyboard) this.composer.setKeyboard(null);
    this.app.read(this);
  }

  answered({ answer }) {
    const payload = answer.url && this.app.payload(answer.url);
    if (payload) this.act("start", { payload });
    if (!answer.text) return;
    if (answer.show_alert) this.alert(answer.text);
    else this.toast(answer.text);
  }

  /** The bot announced other commands, or another description. */
  async learn() {
    if (!this.chat) return;
    const { commands, menu_button, description } = await api.chat(this.person);
    Object.assign(this.chat, { commands, menu_button, description });
    if (!this.chat.posts.length) this.render();
  }

  toast(text) {
    const node = h("div", { class: "toast", "data-testid": "toast" }, text);
    this.toasts.append(node);
    setTimeout(() => node.remove(), TOAST);
  }

  alert(text) {
    const before = document.activeElement;
    const close = () => (this.closeAlert(), before?.isConnected && before.focus());
    const ok = h("button", { type: "button", onclick: close, "data-testid": "alert-ok" }, t("ok"));
    const keys = (event) => {
      if (event.key === "Escape") close();
      if (event.key === "Tab") event.preventDefault();
    };
    const box = h("div", { class: "alert", role: "alertdialog", "aria-modal": "true", "aria-label": text, "data-testid": "alert", onkeydown: keys }, h("p", {}, text), ok);
    this.alertPlace.replaceChildren(box);
    this.alertPlace.hidden = false;
    ok.focus();
  }

  closeAlert() {
    this.alertPlace.hidden = true;
    this.alertPlace.replaceChildren();
  }

  /** Do something as this person; says why when it cannot be done. */
  act(what, body = {}) {
    return this.attempt(() => api.act(this.person, what, body));
  }

  async attempt(action) {
    try {
      return await action();
    } catch (error) {
      this.toast(error.status ? error.message : t("offline"));
      return null;
    }
  }

  actions() {
    return {
      copy: (text) => this.copy(text),
      command: (text) => this.act("say", { text }),
      link: (url) => this.followLink(url),
      jump: (id) => this.log.jump(id),
      menu: (post, anchor) => this.openMessageMenu(post, anchor),
      vote: (post, options) => this.act("vote", { message: post.wire.message_id, options }),
      press: (...tap) => this.press(...tap),
    };
  }

  async press(post, button, row, column, node) {
    const search = button.switch_inline_query_current_chat ?? button.switch_inline_query ?? button.switch_inline_query_chosen_chat?.query;
    if (button.url) return this.followLink(button.url) || window.open(button.url, "_blank", "noopener");
    if (button.copy_text) return this.copy(button.copy_text.text);
    if (search !== undefined) return this.composer.fill(`@${this.bot.username} ${search}`);
    if (button.callback_data === undefined || node.classList.contains("busy")) return null;
    return this.tap(post, row, column, node);
  }

  /** The button is busy at once; from then on the sandbox says how long. */
  async tap(post, row, column, node) {
    node.classList.add("busy");
    const tapped = await this.act("tap", { message: post.wire.message_id, row, column });
    if (!tapped) node.classList.remove("busy");
  }

  /** Follow a link to this bot here; false lets the browser open it. */
  followLink(url) {
    const payload = this.app.payload(url);
    if (payload === null) return false;
    this.act("start", payload ? { payload } : {});
    return true;
  }

  async copy(text) {
    await navigator.clipboard?.writeText(text).catch(() => {});
    this.toast(t("copied", { text }));
  }

  openMessageMenu(post, anchor) {
    const { wire, out } = post;
    const message = wire.message_id;
    const text = wire.text ?? wire.caption;
    const items = [
      [t("reply"), () => this.composer.reply(post), "menu-reply"],
      text && [t("copy"), () => this.copy(text), "menu-copy"],
      out && wire.text && !wire.via_bot && [t("edit"), () => this.composer.edit(post), "menu-edit"],
      !wire.has_protected_content && [t("forward"), () => this.act("forward", { message }), "menu-forward"],
      [t("remove"), () => this.act("delete", { message }), "menu-delete"],
    ];
    openMenu(anchor, items.filter(Boolean), this.frame);
  }

  openChatMenu() {
    const { blocked } = this.chat.person;
    const items = [
      blocked ? [t("unblock"), () => this.act("block", { blocked: false }), "menu-unblock"] : [t("block"), () => this.act("block", { blocked: true }), "menu-block"],
      [t("clear"), () => this.act("delete"), "menu-clear"],
    ];
    openMenu(this.menuButton, items, this.frame);
  }
}
