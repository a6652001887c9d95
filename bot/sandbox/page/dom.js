// Building the page without ever parsing data as HTML.

/** An element: properties, `on…` listeners, `data-…`/`aria-…` attributes, then children. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.includes("-")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  send: "M4 12 20 4l-5 16-3.5-6.5L4 12z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  clip: "M16.5 7.5 9 15a2.1 2.1 0 0 0 3 3l7.5-7.5a4.2 4.2 0 0 0-6-6L6 12a6.3 6.3 0 0 0 9 9l4-4",
  menu: "M5 7h14M5 12h14M5 17h14",
  more: "M12 6h.01M12 12h.01M12 18h.01",
  keyboard: "M4 7h16v10H4zM7.5 10.5h.01M12 10.5h.01M16.5 10.5h.01M8.5 14h7",
  lock: "M7 11h10v8H7zM9 11V8.5a3 3 0 0 1 6 0V11",
  close: "M7 7l10 10M17 7 7 17",
  down: "M6 10l6 6 6-6",
  link: "M8 16 16 8M9.5 8H16v6.5",
  search: "M11 17a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM15.5 15.5 20 20",
  copy: "M9 9h10v10H9zM5 15V5h10",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4",
  moon: "M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z",
  file: "M7 4h7l4 4v12H7zM14 4v4h4",
  mic: "M12 14a3 3 0 0 0 3-3V7a3 3 0 0 0-6 0v4a3 3 0 0 0 3 3zM6.5 11a5.5 5.5 0 0 0 11 0M12 16.5V20",
  play: "M9 6.5v11l9-5.5-9-5.5z",
  follow: "M5 12h12M12 6l6 6-6 6",
  plus: "M12 5v14M5 12h14",
  pin: "M9 4h6l-1 6 3 3H7l3-3-1-6zM12 13v7",
};

/** A decorative line icon; what it means is always said in words too. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon", `icon-${name}`);
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

/** A button that shows an icon and says `label` to whoever cannot see it. */
export function iconButton(name, label, props = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, ...props }, icon(name));
}

/** Open a menu of [label, action, testid] beside `anchor`; arrows, Enter and Escape work. */
export function openMenu(anchor, items, host) {
  closeMenus();
  const before = document.activeElement;
  const menu = h("div", { class: "menu", role: "menu", "data-testid": "menu" });
  const close = (back) => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    if (back && before?.isConnected) before.focus();
  };
  const outside = (event) => menu.contains(event.target) || close(false);
  for (const [label, action, testid] of items) {
    const run = () => (close(true), action());
    menu.append(h("button", { type: "button", role: "menuitem", tabIndex: -1, onclick: run, "data-testid": testid }, label));
  }
  menu.addEventListener("keydown", (event) => {
    const all = [...menu.children];
    const at = all.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) all[(at + step + all.length) % all.length].focus();
    else if (event.key === "Escape") close(true);
    else if (event.key === "Tab") close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  menu.close = close;
  host.append(menu);
  place(menu, anchor, host);
  document.addEventListener("pointerdown", outside, true);
  menu.firstElementChild.focus();
}

export function closeMenus() {
  for (const menu of document.querySelectorAll(".menu")) menu.close(false);
}

function place(menu, anchor, host) {
  const [box, frame] = [anchor.getBoundingClientRect(), host.getBoundingClientRect()];
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.min(Math.max(box.left - frame.left, 8), frame.width - width - 8);
  const below = box.bottom - frame.top + 4;
  const top = below + height > frame.height - 8 ? box.top - frame.top - height - 4 : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${Math.max(top, 8)}px`;
}

/** Initials on a colour that belongs to `id`. */
export function avatar(id, name) {
  const letter = [...(name || "?")][0].toUpperCase();
  return h("span", { class: `avatar hue-${Math.abs(id) % 6}`, "aria-hidden": "true" }, letter);
}
