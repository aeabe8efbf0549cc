// What is better with a script, on every page: results as one types, and the map and its list pointing at each
// other. Everything works without.

/* Results as one types: a combobox (ARIA 1.2) whose list is made of the page of results that the server has. */

const input = document.getElementById("find");
const list = document.getElementById("found");
const told = document.getElementById("told");

/** So long nothing is asked while somebody types. */
const PAUSE = 120;

/** So many results are shown; the page has the others. */
const MOST = 8;

let waiting;
let asked;
let active = -1;

const address = (q) => `${input.form.action}?q=${encodeURIComponent(q)}`;

function close() {
  list.hidden = true;
  list.replaceChildren();
  active = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function choose(index) {
  const options = list.children;
  options[active]?.setAttribute("aria-selected", "false");
  active = (index + options.length) % options.length;
  options[active].setAttribute("aria-selected", "true");
  options[active].scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", options[active].id);
}

function option(hit, index) {
  const item = document.createElement("li");
  item.id = `found-${index}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.dataset.href = hit.querySelector("a").href;
  for (const part of hit.children) {
    const text = document.createElement(part.matches("a") ? "b" : "span");
    text.dir = "auto";
    text.textContent = part.textContent;
    item.append(text, " ");
  }
  return item;
}

async function ask() {
  const q = input.value.trim();
  asked?.abort();
  if (!q) {
    close();
    told.textContent = "";
    remember("");
    return;
  }
  asked = new AbortController();
  const { signal } = asked;
  try {
    const response = await fetch(address(q), { signal });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (signal.aborted) return;
    const hits = [...page.querySelectorAll("main .hits > li")].slice(0, MOST);
    close();
    list.append(...hits.map(option));
    list.hidden = hits.length === 0;
    input.setAttribute("aria-expanded", String(hits.length > 0));
    told.textContent = page.querySelector("main [role=status]")?.textContent ?? "";
    remember(q);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

/** The address carries what was typed: it can be shared, and whoever comes back finds it again. */
function remember(q) {
  const url = new URL(location.href);
  if (q) url.searchParams.set("q", q);
  else url.searchParams.delete("q");
  history.replaceState(history.state, "", url);
}

/** What the address says was typed before the reader went on from here. */
function restore() {
  const q = new URL(location.href).searchParams.get("q");
  const isShown = document.querySelector("main .hits") !== null;
  if (!q || isShown) return;
  input.value = q;
  ask();
}

if (input) {
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-autocomplete", "list");
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) {
      // As a list of suggestions does everywhere (ARIA combobox).
      if (event.key === "ArrowDown" && input.value.trim()) {
        event.preventDefault();
        input.dispatchEvent(new Event("input"));
      }
      return;
    }
    if (event.key === "ArrowDown") choose(active + 1);
    else if (event.key === "ArrowUp") choose(active < 0 ? -1 : active - 1);
    else if (event.key === "Enter" && active >= 0) location.assign(list.children[active].dataset.href);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("pointerdown", (event) => {
    const chosen = event.target.closest("[role=option]");
    if (!chosen) return;
    event.preventDefault();
    location.assign(chosen.dataset.href);
  });
  addEventListener("pageshow", restore);
}

/* The map and its list: what is pointed at in the one is lit in the other. */

for (const marker of document.querySelectorAll(".map [data-of]")) {
  const items = marker.dataset.of.trim().split(" ").map((id) => document.getElementById(id));
  const light = (lit) => () => {
    marker.classList.toggle("lit", lit);
    for (const item of items) item?.classList.toggle("lit", lit);
  };
  for (const one of [marker, ...items]) {
    one?.addEventListener("pointerenter", light(true));
    one?.addEventListener("pointerleave", light(false));
    one?.addEventListener("focusin", light(true));
    one?.addEventListener("focusout", light(false));
  }
}
