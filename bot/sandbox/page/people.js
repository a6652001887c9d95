// The cast: who is there, what they do, and what waits for them.

import * as api from "./api.js";
import { fullName } from "./bubble.js";
import { avatar, h, icon } from "./dom.js";
import { t } from "./words.js";

/** The list beside the phones, and on a narrow screen the strip above the one phone. */
export function peopleList(app) {
  const rows = [...app.state.people.values()].map((person) => row(person, app));
  const note = rows.length ? [] : [h("p", { class: "nobody" }, t("nobody"))];
  return [h("h2", { class: "rail-title" }, t("people")), h("div", { class: "rail-list", role: "group", "aria-label": t("people") }, ...rows, ...note, adder(app))];
}

function row(person, app) {
  const where = app.whereIs(person.id);
  const name = fullName(person);
  return h(
    "button",
    {
      type: "button",
      class: `person${where ? " shown" : ""}`,
      "data-testid": "person",
      "data-person": String(person.id),
      "aria-current": where ? "true" : undefined,
      onclick: () => app.choose(person.id),
    },
    avatar(person.id, name),
    h("span", { class: "person-names" }, h("b", {}, name), person.note && h("small", {}, person.note)),
    badge(person),
    where && h("span", { class: "where" }, t(where === "left" ? "onLeft" : "onRight")),
  );
}

function adder(app) {
  return h("button", { type: "button", class: "person add", "data-testid": "add-person", onclick: () => askWho(app) }, icon("plus"), h("span", {}, t("addPerson")));
}

/** A small form for somebody new; they get a phone at once. */
function askWho(app) {
  const name = h("input", { required: true, maxLength: 64, autocomplete: "off", "data-testid": "new-name" });
  const note = h("input", { maxLength: 64, autocomplete: "off", "data-testid": "new-note" });
  const language = h("select", { "data-testid": "new-language" }, h("option", { value: "zh-hans" }, "中文"), h("option", { value: "en" }, "English"));
  const field = (label, input) => h("label", {}, h("span", {}, label), input);
  const cancel = h("button", { type: "button", class: "text-button", onclick: () => dialog.close() }, t("cancel"));
  const add = h("button", { type: "submit", class: "gate-button", "data-testid": "new-add" }, t("add"));
  const submit = async (event) => {
    event.preventDefault();
    const person = await api.addPerson({ first_name: name.value.trim(), note: note.value.trim(), language_code: language.value });
    dialog.close();
    await app.welcome(person);
  };
  const title = h("h2", { id: "new-title" }, t("addPerson"));
  const form = h("form", { onsubmit: submit }, title, field(t("personName"), name), field(t("personNote"), note), field(t("personLanguage"), language), h("div", { class: "form-row" }, cancel, add));
  const dialog = h("dialog", { class: "form", "aria-labelledby": "new-title", onclose: () => dialog.remove() }, form);
  document.body.append(dialog);
  dialog.showModal();
}

function badge(person) {
  if (!person.unread) return null;
  const words = t("unread", { count: person.unread });
  return h("span", { class: "badge", "data-testid": "badge", title: words }, h("span", { "aria-hidden": "true" }, String(person.unread)), h("span", { class: "unseen" }, words));
}

/** Above a phone: whose it is, and a way to hand it to somebody else. */
export function caption(phone, app) {
  const person = app.state.people.get(phone.person);
  if (!person) return [];
  const choices = [...app.state.people.values()].map((other) => {
    const unread = other.unread ? `（${other.unread}）` : "";
    return h("option", { value: String(other.id), selected: other.id === person.id }, fullName(other) + unread);
  });
  const select = h("select", { "aria-label": t("choosePerson"), "data-testid": "choose-person", onchange: (event) => app.place(phone, Number(event.target.value)) }, ...choices);
  const names = h("div", { class: "caption-names" }, select, h("small", { "data-testid": "note" }, person.note || " "));
  return [avatar(person.id, fullName(person)), names];
}
