// One message as a bubble, with the keyboard under it.

import { h, icon, iconButton } from "./dom.js";
import { formatted } from "./text.js";
import { lang, t } from "./words.js";

const PATIENCE = 15000; // milliseconds an unanswered button stays busy

export const fullName = (user) => [user.first_name, user.last_name].filter(Boolean).join(" ");

export function clock(date) {
  const shape = { hour: "2-digit", minute: "2-digit", hour12: false };
  return new Date(date * 1000).toLocaleTimeString(lang() === "zh" ? "zh-CN" : "en-GB", shape);
}

/** The words of a message in one line, for quotes and lists. */
export function summary(wire) {
  if (wire.text ?? wire.caption) return wire.text ?? wire.caption;
  if (wire.poll) return wire.poll.question;
  const kind = ["photo", "sticker", "voice", "video"].find((name) => wire[name]);
  return kind ? t(kind) : (wire.document?.file_name ?? t("file"));
}

/** The list item for a post; `does` holds what its parts do when used. */
export function bubble(post, does) {
  const { wire, out } = post;
  const body = h("div", { class: "bubble" }, ...content(post, does), meta(post));
  const more = iconButton("more", t("messageMenu"), {
    class: "icon-button bubble-menu",
    "aria-haspopup": "menu",
    "data-testid": "message-menu",
    onclick: (event) => does.menu(post, event.currentTarget),
  });
  const rows = wire.reply_markup?.inline_keyboard;
  const keyboard = rows ? [inlineKeyboard(post, rows, does)] : [];
  return h(
    "div",
    {
      class: `message ${out ? "out" : "in"}${rows ? " with-keyboard" : ""}`,
      "data-testid": "message",
      "data-message": String(wire.message_id),
      tabIndex: -1,
      oncontextmenu: (event) => {
        if (getSelection().toString() || event.target.closest("a")) return;
        event.preventDefault();
        does.menu(post, more);
      },
    },
    h("span", { class: "unseen" }, `${out ? t("you") : t("bot")}: `),
    h("div", { class: "bubble-line" }, body, more),
    ...keyboard,
  );
}

function content(post, does) {
  const { wire } = post;
  const text = wire.text ?? wire.caption;
  const parts = [];
  if (wire.via_bot) parts.push(h("div", { class: "via" }, t("via", { name: wire.via_bot.username })));
  if (wire.forward_origin) parts.push(h("div", { class: "via" }, t("forwardedFrom", { name: originName(wire.forward_origin) })));
  if (wire.reply_to_message) parts.push(quote(wire.reply_to_message, does));
  parts.push(...attachment(post, does));
  if (text !== undefined) {
    const entities = wire.entities ?? wire.caption_entities ?? [];
    parts.push(h("div", { class: "text", "data-testid": "text", dir: "auto" }, ...formatted(text, entities, does)));
  }
  return parts;
}

const originName = (origin) => origin.sender_user_name ?? fullName(origin.sender_user ?? {});

function quote(original, does) {
  const who = original.from ? fullName(original.from) : "";
  const jump = () => does.jump(original.message_id);
  return h("button", { type: "button", class: "quote", onclick: jump }, h("b", {}, who), h("span", {}, summary(original)));
}

function meta({ wire, pinned, reaction }) {
  const edited = wire.edit_date ? h("span", {}, t("edited")) : null;
  const lock = wire.has_protected_content
    ? h("span", { class: "lock", title: t("protectedContent") }, icon("lock"), h("span", { class: "unseen" }, t("protectedContent")))
    : null;
  const pin = pinned ? icon("pin") : null;
  return h("div", { class: "meta" }, reaction || null, pin, lock, edited, h("time", {}, clock(wire.date)));
}

function attachment(post, does) {
  const { wire } = post;
  if (wire.poll) return [poll(post, does)];
  if (wire.photo) return [h("img", { class: "photo", alt: t("photo"), src: `/sandbox/files/${wire.photo.at(-1).file_id}` })];
  if (wire.sticker) return [h("div", { class: "sticker", role: "img", "aria-label": t("sticker") }, wire.sticker.emoji ?? "")];
  if (wire.voice) return [mediaLine("mic", t("voice"), `0:0${wire.voice.duration}`)];
  if (wire.video) return [mediaLine("play", t("video"), wire.video.file_name ?? "")];
  if (wire.document) {
    const href = `/sandbox/files/${wire.document.file_id}`;
    const line = mediaLine("file", wire.document.file_name, size(wire.document.file_size));
    return [h("a", { class: "file-link", href, download: wire.document.file_name }, line)];
  }
  return [];
}

function mediaLine(name, title, detail) {
  return h("span", { class: "media" }, h("span", { class: "media-icon" }, icon(name)), h("span", {}, h("b", {}, title), h("small", {}, detail)));
}

const size = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

/** What a button does, besides what its label says: an icon in its corner, and a word. */
function corner(button) {
  if (button.url) return ["link", t("opensLink")];
  if (button.copy_text) return ["copy", t("copies")];
  return Object.keys(button).some((name) => name.startsWith("switch_inline")) ? ["search", t("opensSearch")] : null;
}

function inlineKeyboard(post, rows, does) {
  const line = (buttons, row) => h("div", { class: "kb-row" }, ...buttons.map((button, column) => key(post, button, row, column, does)));
  return h("div", { class: "kb", "data-testid": "keyboard" }, ...rows.map(line));
}

function key(post, button, row, column, does) {
  const mark = corner(button);
  const busy = button.callback_data !== undefined && post.waiting.includes(button.callback_data);
  if (busy) setTimeout(() => node.classList.remove("busy"), PATIENCE);
  const node = h(
    "button",
    {
      type: "button",
      class: `kb-button ${button.style ?? ""}${busy ? " busy" : ""}`,
      "aria-busy": busy ? "true" : undefined,
      "data-testid": "button",
      "data-row": String(row),
      "data-column": String(column),
      "data-style": button.style,
      disabled: Boolean(button.disabled),
      onclick: (event) => does.press(post, button, row, column, event.currentTarget),
    },
    h("span", { class: "kb-label" }, button.text),
    mark && h("span", { class: "kb-corner" }, icon(mark[0]), h("span", { class: "unseen" }, mark[1])),
  );
  return node;
}

function poll(post, does) {
  const { poll: state } = post.wire;
  const chosen = post.vote ?? [];
  const done = state.is_closed || chosen.length > 0;
  const kind = state.is_closed ? t("closedPoll") : t(state.type === "quiz" ? "quiz" : "poll");
  const options = state.options.map((option, number) => pollOption(post, option, number, { chosen, done, does }));
  const note = done && state.explanation ? [h("p", { class: "poll-note" }, state.explanation)] : [];
  const several = state.allows_multiple_answers && !done ? [severalVote(post, options, does)] : [];
  const count = t("votes", { count: state.total_voter_count });
  return h("div", { class: "poll", role: "group", "aria-label": state.question }, h("b", {}, state.question), h("small", {}, kind), ...options, ...several, ...note, h("small", {}, count));
}

function pollOption(post, option, number, { chosen, done, does }) {
  const { poll: state } = post.wire;
  const share = state.total_voter_count ? Math.round((100 * option.voter_count) / state.total_voter_count) : 0;
  const picked = chosen.includes(number);
  const right = (state.correct_option_ids ?? []).includes(number);
  const verdict = done && state.type === "quiz" && (picked || right) ? (right ? "right" : "wrong") : picked ? "chosen" : "";
  const press = (event) => (state.allows_multiple_answers ? toggle(event.currentTarget) : does.vote(post, [number]));
  return h(
    "button",
    { type: "button", class: `poll-option ${verdict}`, disabled: done, "aria-pressed": String(picked), onclick: press, "data-testid": "poll-option", "data-option": String(number) },
    h("span", {}, option.text),
    done && h("span", { class: "poll-share" }, `${verdict ? `${t(verdict)} · ` : ""}${share}%`),
    done && h("progress", { max: 100, value: share, "aria-hidden": "true" }),
  );
}

const toggle = (button) => button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));

function severalVote(post, options, does) {
  const send = () => {
    const chosen = options.filter((option) => option.getAttribute("aria-pressed") === "true");
    does.vote(post, chosen.map((option) => Number(option.dataset.option)));
  };
  return h("button", { type: "button", class: "kb-button", onclick: send }, t("vote"));
}

