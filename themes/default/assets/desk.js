// The script of the desk, where articles are written. Everything works without it; with it the text is previewed while it is
// typed, pictures go where the cursor is, and what was not saved stays on this device.

const form = document.querySelector("form[data-desk]");
const words = JSON.parse(document.getElementById("desk-words").textContent);
const find = (name) => document.querySelector(`[${name}]`);
const body = form.elements.body;
const status = find("data-status");

/* What was typed, to compare and to keep */

const KEEP = 30 * 86_400_000;
const key = `desk:${form.dataset.desk}`;
/** A new article has a name of its own in each tab; the copies of all that were begun and not saved have this beginning. */
const begun = key.match(/^desk:.*:new(?=:)/)?.[0];
const unkept = /^(author|version|copy|cover_.*)$/;

const typed = () => JSON.stringify([...new FormData(form)].filter(([name, value]) => typeof value === "string" && !unkept.test(name)));

/** What the server has; a page that says what is wrong shows what it has not. */
const saved = "unsaved" in form.dataset ? "" : typed();
let sending = false;

/** Browsers may refuse to keep anything. */
function storage(act) {
  try {
    return act(localStorage);
  } catch {
    return null;
  }
}

function keep() {
  const now = typed();
  if (now === saved) {
    storage((kept) => kept.removeItem(key));
    status.textContent = "";
  } else {
    const done = storage((kept) => kept.setItem(key, JSON.stringify({ at: Date.now(), typed: now })) ?? true);
    status.textContent = done ? words.kept : "";
  }
}

function put(values) {
  const pairs = JSON.parse(values);
  for (const field of form.elements) {
    if (!field.name || unkept.test(field.name) || ["file", "hidden", "submit"].includes(field.type)) continue;
    const own = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = own.includes(field.value);
    else if (own.length > 0) [field.value] = own;
  }
  preview();
}

/* Several tabs: each says which copy it writes on, so that none takes another's */

const channel = window.BroadcastChannel && new BroadcastChannel("byline-desk");
const written = new Set();
channel?.addEventListener("message", ({ data }) => {
  if (data.ask) channel.postMessage({ writes: key });
  else written.add(data.writes);
});

/** Offers what an earlier visit left behind: of a new article all that was begun and is open nowhere. */
async function offer() {
  // The server has what this tab sent last: the copy of it is no longer needed.
  const address = new URL(location.href);
  const done = address.searchParams.get("done");
  if (done) {
    const sent = sessionStorage.getItem("desk-sent");
    if (sent) storage((kept) => kept.removeItem(sent));
    address.searchParams.delete("done");
    history.replaceState(null, "", address);
  }
  sessionStorage.removeItem("desk-sent");
  returnTo(done);
  const keys = [key];
  if (begun) {
    channel?.postMessage({ ask: true });
    await new Promise((later) => setTimeout(later, channel ? 150 : 0));
    storage((kept) => keys.push(...Object.keys(kept).filter((other) => other !== key && (other === begun || other.startsWith(`${begun}:`)))));
  }
  for (const left of keys.filter((one) => !written.has(one))) offerOne(left);
}

function offerOne(from) {
  const left = JSON.parse(storage((kept) => kept.getItem(from)) ?? "null");
  if (!left || left.typed === typed()) return;
  const forget = () => storage((kept) => kept.removeItem(from));
  if (Date.now() - left.at > KEEP) return forget();
  const sample = find("data-restore");
  const box = sample.cloneNode(true);
  box.querySelector("[data-restore-at]").textContent = new Date(left.at).toLocaleString(document.documentElement.lang);
  box.querySelector("[data-restore-title]").textContent = JSON.parse(left.typed).find(([name]) => name === "title")?.[1] ?? "";
  box.hidden = false;
  sample.before(box);
  box.querySelector("[data-restore-yes]").addEventListener("click", () => {
    put(left.typed);
    if (from !== key) forget();
    box.remove();
    keep();
    body.focus();
  });
  box.querySelector("[data-restore-no]").addEventListener("click", () => {
    forget();
    box.remove();
    body.focus();
  });
}

/* Where the writer was when the text was saved */

let field = null;
form.addEventListener("focusin", (event) => {
  if (event.target.matches("input, textarea, select")) field = event.target;
});

function leave() {
  const place = { field: field?.id, top: body.getBoundingClientRect().top, scroll: body.scrollTop, height: body.style.height, cursor: [body.selectionStart, body.selectionEnd] };
  storage(() => sessionStorage.setItem("desk-place", JSON.stringify(place)));
}

function returnTo(done) {
  const place = JSON.parse(storage(() => sessionStorage.getItem("desk-place")) ?? "null");
  storage(() => sessionStorage.removeItem("desk-place"));
  if (!place || done !== "saved") return;
  status.textContent = words.saved;
  body.style.height = place.height;
  body.setSelectionRange(...place.cursor);
  document.getElementById(place.field)?.focus({ preventScroll: true });
  body.scrollTop = place.scroll;
  scrollBy({ top: body.getBoundingClientRect().top - place.top, behavior: "instant" });
  follow();
}

/* Preview */

const pane = find("data-preview");
const toggle = find("data-preview-toggle");
let asked = 0;

async function preview() {
  if (pane.hidden) return;
  const mine = ++asked;
  const sent = new URLSearchParams({ format: form.elements.format.value, body: body.value });
  try {
    const response = await fetch("/studio/preview", { method: "POST", body: sent });
    const html = await response.text();
    if (mine !== asked) return;
    if (!response.ok) {
      const wait = response.status === 429 || response.status === 503;
      // What is wrong with the text is said in words.
      const why = response.status === 422 && response.headers.get("content-type")?.startsWith("text/plain") ? html : words.failed;
      status.textContent = response.status === 401 ? words.signed_out : wait ? words.busy : why;
      if (wait) setTimeout(() => mine === asked && preview(), 2_000);
      return;
    }
    pane.lang = response.headers.get("content-language") ?? "";
    // The server made it of what is allowed in articles.
    pane.innerHTML = html;
    follow();
  } catch {
    if (mine === asked) status.textContent = words.failed;
  }
}

/** The preview shows the part that is written on. */
function follow() {
  const room = body.scrollHeight - body.clientHeight;
  if (room > 0) pane.scrollTop = (body.scrollTop / room) * (pane.scrollHeight - pane.clientHeight);
}

function show(on) {
  pane.hidden = !on;
  pane.parentElement.classList.toggle("both", on);
  toggle.setAttribute("aria-pressed", String(on));
  toggle.textContent = on ? words.hide : words.show;
  preview();
}

function later(act, wait) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, wait);
  };
}

/* Pictures */

const file = form.elements.picture;
const told = find("data-upload-status");
const LARGEST = 20 * 2 ** 20;

/** A picture stands in a paragraph of its own: behind the line that the cursor is in, or before it from its beginning. */
function insert(line) {
  const { value, selectionStart: cursor } = body;
  const inside = cursor > 0 && value[cursor - 1] !== "\n";
  const end = inside ? (value.indexOf("\n", cursor) + 1 || value.length + 1) - 1 : cursor;
  const before = value.slice(0, end);
  const text = `${before && !before.endsWith("\n\n") ? (before.endsWith("\n") ? "\n" : "\n\n") : ""}${line}${value.startsWith("\n\n", end) ? "" : "\n\n"}`;
  body.focus();
  body.setSelectionRange(end, end);
  // This way the browser can undo it.
  if (!document.execCommand("insertText", false, text)) {
    body.setRangeText(text, body.selectionStart, body.selectionEnd, "end");
    body.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

async function upload(files) {
  const alt = form.elements.picture_alt;
  const sent = new FormData();
  sent.append("picture_alt", alt.value);
  for (const one of files) sent.append("picture", one);
  told.textContent = words.uploading;
  try {
    const response = await fetch("/studio/pictures", { method: "POST", body: sent, headers: { accept: "application/json" } });
    if (response.status !== 201 && response.status !== 422) {
      told.textContent = response.status === 401 ? words.signed_out : words.failed_upload;
      return;
    }
    const { pictures, error, note } = await response.json();
    for (const picture of pictures) insert(form.elements.format.value === "html" ? picture.html : picture.markdown);
    if (pictures.length > 0) alt.value = "";
    told.textContent = error ?? note ?? words.uploaded;
  } catch {
    told.textContent = words.failed_upload;
  }
}

const images = (from) => [...(from?.files ?? [])].filter((one) => one.type.startsWith("image/"));

file.addEventListener("change", async () => {
  if (file.files.length > 0 && fits(file)) await upload(file.files);
  file.value = "";
});
body.addEventListener("paste", (event) => take(event, event.clipboardData));
body.addEventListener("drop", (event) => take(event, event.dataTransfer));

function take(event, from) {
  const found = images(from);
  if (found.length === 0) return;
  event.preventDefault();
  upload(found);
}

/** Says at once what the server would say after the whole upload. */
function fits(input) {
  const large = [...input.files].some((one) => one.size > LARGEST);
  input.setCustomValidity(large ? words.large : "");
  if (large) {
    input.reportValidity();
    input.value = "";
  }
  return !large;
}

/* Beginning */

find("data-without-script").hidden = true;
find("data-with-script").hidden = false;
toggle.hidden = false;
toggle.addEventListener("click", () => {
  show(pane.hidden);
  storage((kept) => kept.setItem("desk-preview", pane.hidden ? "off" : "on"));
});
const chosen = storage((kept) => kept.getItem("desk-preview"));
show(chosen ? chosen === "on" : matchMedia("(min-width: 1100px)").matches);
offer();
if (saved === "") keep();

body.addEventListener("input", later(preview, 250));
body.addEventListener("scroll", follow, { passive: true });
form.addEventListener("input", later(keep, 600));
form.addEventListener("change", (event) => {
  if (event.target.name === "format") preview();
  if (event.target.type === "file" && event.target !== file) fits(event.target);
});
form.addEventListener("submit", () => {
  keep();
  sessionStorage.setItem("desk-sent", key);
  leave();
  sending = true;
});
// Coming back by the browser's back button: the page is as it was left.
addEventListener("pageshow", () => (sending = false));
addEventListener("beforeunload", (event) => {
  if (!sending && typed() !== saved) event.preventDefault();
});
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[value=save]"));
  }
});
