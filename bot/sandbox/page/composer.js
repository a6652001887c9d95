// Where a person writes: text, commands, files, replies, edits, and the bot's reply keyboard.

import * as api from "./api.js";
import { summary } from "./bubble.js";
import { h, icon, iconButton, openMenu } from "./dom.js";
import { sample } from "./samples.js";
import { Search, Suggestions, option } from "./suggestions.js";
import { t } from "./words.js";

const TALLEST = 132; // pixels the text field grows to

export class Composer {
  constructor(side, phone) {
    this.phone = phone;
    this.suggestions = new Suggestions(side);
    this.search = new Search(this);
    this.element = h("div", { class: "composer-area" });
    this.build();
  }

  get person() {
    return this.phone.person;
  }

  build() {
    this.field = h("textarea", {
      class: "field",
      rows: 1,
      "aria-label": t("composer"),
      placeholder: t("composer"),
      role: "combobox",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": this.suggestions.id,
      "data-testid": "composer",
      oninput: () => this.typed(),
      onkeydown: (event) => this.key(event),
    });
    this.menuButton = iconButton("menu", t("commands"), { "data-testid": "commands", onclick: () => this.toggleCommands() });
    this.clip = iconButton("clip", t("attach"), { "data-testid": "attach", "aria-haspopup": "menu", onclick: () => this.attach() });
    this.keyboardButton = iconButton("keyboard", t("keyboard"), { hidden: true, "data-testid": "toggle-keyboard", onclick: () => this.toggleKeyboard() });
    this.sendButton = h("button", { type: "button", class: "send", "aria-label": t("send"), title: t("send"), "data-testid": "send", onclick: () => this.send() }, icon("send"));
    this.files = h("input", { type: "file", hidden: true, "data-testid": "file", onchange: () => this.chosenFile() });
    this.note = h("div", { class: "reply-bar", hidden: true, "data-testid": "reply-bar" });
    this.keys = h("div", { class: "reply-keyboard", hidden: true, "data-testid": "reply-keyboard" });
    this.row = h("div", { class: "composer" }, this.menuButton, this.field, this.keyboardButton, this.clip, this.sendButton, this.files);
    this.gate = h("div", { class: "gate", hidden: true });
  }

  /** Fit the composer to the chat: writing, starting, or unblocking. */
  render(chat) {
    this.chat = chat;
    this.element.replaceChildren(this.suggestions.element, this.note, this.row, this.keys, this.gate);
    const { blocked, started, start_payload: payload } = chat.person;
    const fresh = !started && chat.posts.length === 0;
    this.row.hidden = blocked || fresh;
    this.gate.hidden = !this.row.hidden;
    if (blocked) this.showGate([t("unblock"), () => this.act("block", { blocked: false }), "unblock"], t("blockedNote"));
    else if (fresh && payload) this.showGate([t("startInvite"), () => this.start(payload), "start"], "", [t("startPlain"), () => this.start(), "start-plain"]);
    else if (fresh) this.showGate([t("start"), () => this.start(), "start"]);
    this.setKeyboard(chat.keyboard);
  }

  showGate([label, action, testid], words = "", second = null) {
    const main = h("button", { type: "button", class: "gate-button", onclick: action, "data-testid": testid }, label);
    const other = second && h("button", { type: "button", class: "gate-second", onclick: second[1], "data-testid": second[2] }, second[0]);
    this.gate.replaceChildren(...[words && h("p", {}, words), main, other].filter(Boolean));
  }

  act(what, body) {
    return this.phone.act(what, body);
  }

  start(payload) {
    this.clear(this.row.hidden ? this.field.value : "");
    return this.act("start", payload ? { payload } : {});
  }

  /** What the bot asked for: its reply keyboard, or an answer to one message. */
  setKeyboard(keyboard) {
    const rows = keyboard?.keyboard;
    this.keyboardButton.hidden = !rows;
    this.keys.hidden = !rows || this.row.hidden;
    const key = (button) => h("button", { type: "button", class: `kb-button ${button.style ?? ""}`, onclick: () => this.say(button.text), "data-testid": "reply-key" }, button.text);
    this.keys.replaceChildren(...(rows ?? []).map((row) => h("div", { class: "kb-row" }, ...row.map(key))));
    this.field.placeholder = keyboard?.input_field_placeholder || t("composer");
    if (!keyboard?.force_reply || this.replyTo) return;
    const asking = this.chat.posts.findLast((post) => !post.out);
    if (asking) this.reply(asking, { focus: this.phone.active });
  }

  toggleKeyboard() {
    this.keys.hidden = !this.keys.hidden;
  }

  reply(post, { focus = true } = {}) {
    this.editing = null;
    this.replyTo = post;
    this.showNote(t("replyingTo"), summary(post.wire));
    if (focus) this.field.focus();
  }

  edit(post) {
    this.replyTo = null;
    this.editing = post;
    this.showNote(t("editing"), post.wire.text);
    this.fill(post.wire.text);
    this.setSend("check", t("save"));
  }

  showNote(title, words) {
    const close = iconButton("close", t("cancel"), { onclick: () => this.clear(this.editing ? "" : this.field.value) });
    this.note.replaceChildren(h("div", {}, h("b", {}, title), h("span", {}, words)), close);
    this.note.hidden = false;
  }

  setSend(name, label) {
    this.sendButton.replaceChildren(icon(name));
    this.sendButton.setAttribute("aria-label", label);
  }

  /** Put `text` into the field, ready to go on. */
  fill(text) {
    this.field.value = text;
    if (this.row.hidden) return this.gate.querySelector("button").focus(); // kept until it can be written
    this.field.focus();
    this.field.setSelectionRange(text.length, text.length);
    this.typed();
  }

  clear(text = "") {
    this.replyTo = this.editing = null;
    this.note.hidden = true;
    this.setSend("send", t("send"));
    this.field.value = text;
    this.search.stop();
    this.suggestions.close();
    this.grow();
  }

  typed() {
    this.grow();
    const text = this.field.value;
    const prefix = `@${this.phone.bot.username} `;
    if (text.startsWith(prefix)) return this.search.ask(text.slice(prefix.length));
    this.search.stop();
    const command = /^\/(\w*)$/.exec(text);
    if (command) this.showCommands(command[1]);
    else this.suggestions.close();
  }

  grow() {
    this.field.style.height = "";
    if (!this.field.value) return;
    this.field.style.height = `${Math.min(this.field.scrollHeight, TALLEST)}px`;
  }

  suggest(nodes, label) {
    this.suggestions.show(nodes, label, this.field);
  }

  toggleCommands() {
    if (this.suggestions.open) return this.suggestions.close();
    this.showCommands("", { first: false });
    this.field.focus();
  }

  showCommands(begun, how) {
    const fitting = this.chat.commands.filter(({ command }) => command.startsWith(begun));
    const line = ({ command, description }) =>
      option(`/${command}`, description, () => this.say(`/${command}`), "command", { "data-command": command });
    const none = !begun && !fitting.length ? [h("div", { class: "suggestion-note" }, t("noCommands"))] : [];
    this.suggestions.show([...fitting.map(line), ...none], t("commands"), this.field, how);
  }

  key(event) {
    if (event.isComposing) return; // Enter ends the choice of characters, not the message
    if (this.suggestions.key(event)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && !this.note.hidden) this.clear();
  }

  send() {
    const text = this.field.value.trim();
    if (text) this.say(text);
  }

  async say(text) {
    const { editing, replyTo } = this;
    this.clear();
    if (this.keys.contains(document.activeElement)) this.field.focus();
    const done = editing
      ? await this.act("edit", { message: editing.wire.message_id, text })
      : await this.act("say", { text, reply_to: replyTo?.wire.message_id });
    if (!done && !this.field.value) this.fill(text);
  }

  async pick(query, result) {
    this.clear();
    await this.act("pick", { query, result });
  }

  attach() {
    const send = (kind) => async () => {
      const { blob, name } = await sample(kind);
      await this.upload(blob, name, kind);
    };
    const items = [
      [t("chooseFile"), () => this.files.click(), "choose-file"],
      [t("samplePhoto"), send("photo"), "sample-photo"],
      [t("sampleSticker"), send("sticker"), "sample-sticker"],
      [t("sampleVoice"), send("voice"), "sample-voice"],
      [t("sampleVideo"), send("video"), "sample-video"],
    ];
    openMenu(this.clip, items, this.phone.frame);
  }

  async chosenFile() {
    const [file] = this.files.files;
    this.files.value = "";
    if (file) await this.upload(file, file.name, file.type.startsWith("image/") ? "photo" : "document");
  }

  upload(blob, name, kind) {
    return this.phone.attempt(() => api.upload(this.person, blob, name, kind));
  }
}
