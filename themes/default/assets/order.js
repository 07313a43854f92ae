// Lists that editors put in order. Without this script, the buttons of each row do it; with it, rows are dragged by their grip, or
// moved with the arrow keys while the grip has the focus.

const words = JSON.parse(document.getElementById("order-words")?.textContent ?? "{}");
const live = document.querySelector("[data-order-live]");

/** Several steps of the arrow keys are one move. */
const PAUSE = 500;

for (const list of document.querySelectorAll("[data-order]")) order(list);

function order(list) {
  const rows = () => [...list.children];
  const place = (row) => rows().indexOf(row) + 1;
  const title = (row) => row.querySelector("[data-grip]").dataset.of;
  let dragged = null;
  let begun = 0;
  let timer;

  show();

  function show() {
    for (const grip of list.querySelectorAll("[data-grip]")) {
      grip.hidden = rows().length < 2;
      grip.querySelector(".vh").textContent = fill(words.grip, { title: grip.dataset.of });
    }
  }

  function number() {
    for (const row of rows()) row.querySelector(".order-n").textContent = String(place(row));
  }

  function say(row) {
    live.textContent = fill(words.moved, { title: title(row), n: place(row), of: rows().length });
  }

  /** Tells the server, then takes over what it makes of it: what readers see now may have changed with the order. */
  async function send(row) {
    const { id } = row.dataset;
    const held = row.contains(document.activeElement);
    try {
      const body = new URLSearchParams({ to: String(place(row)) });
      const sent = await fetch(row.querySelector("[data-move]").action, { method: "POST", body, redirect: "manual", headers: { accept: "application/json" } });
      if (sent.type !== "opaqueredirect" && !sent.ok) throw new Error(sent.statusText);
      const page = await fetch(location.pathname + location.search);
      const next = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-order]");
      if (!page.ok || !next) throw new Error(page.statusText);
      list.replaceChildren(...next.children);
      show();
      if (held) list.querySelector(`[data-id="${id}"] [data-grip]`)?.focus();
      live.textContent = words.saved;
    } catch {
      live.textContent = words.failed;
      location.reload();
    }
  }

  list.addEventListener("keydown", (event) => {
    const grip = event.target.closest("[data-grip]");
    const step = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }[event.key];
    if (!grip || !step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const row = grip.closest("[data-id]");
    const others = rows().filter((other) => other !== row);
    const to = Math.max(0, Math.min(others.length, place(row) - 1 + step));
    if (to === place(row) - 1) return say(row);
    if (to === others.length) list.append(row);
    else others[to].before(row);
    grip.focus();
    number();
    say(row);
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE, row);
  });

  // A row can be dragged while its grip is held, so that its text can still be selected.
  list.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("[data-grip]")?.closest("[data-id]");
    if (row) row.draggable = true;
  });
  list.addEventListener("pointerup", () => rows().forEach((row) => row.removeAttribute("draggable")));
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-id][draggable]");
    if (!dragged) return;
    begun = place(dragged);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", title(dragged));
    dragged.classList.add("dragged");
  });
  list.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const over = event.target.closest("[data-id]");
    if (!over || over === dragged) return;
    const { top, height } = over.getBoundingClientRect();
    if (event.clientY > top + height / 2) over.after(dragged);
    else over.before(dragged);
    number();
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", (event) => {
    if (!dragged) return;
    const row = dragged;
    dragged = null;
    row.classList.remove("dragged");
    row.removeAttribute("draggable");
    if (event.dataTransfer.dropEffect === "none") {
      // Let go outside of the list, or Escape: back to where it was.
      const others = rows().filter((other) => other !== row);
      if (begun - 1 === others.length) list.append(row);
      else others[begun - 1].before(row);
      number();
    } else if (place(row) !== begun) {
      say(row);
      send(row);
    }
  });
}

function fill(text, values) {
  return Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, String(value)), text ?? "");
}
