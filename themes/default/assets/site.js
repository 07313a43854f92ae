// The script of public pages. Every page works without it; with it, personal bits arrive in cached pages, likes and follows
// need no reload, and times stay true.

const root = document.documentElement;
const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/* Personal bits */

const VISITOR = "visitor-until";

/** Asks for what `path` shows to this reader, and puts it into the page. Visitors are not asked for again for five minutes. */
async function fillSlots(path = location.pathname + location.search, again = false) {
  if (!document.querySelector("[data-slot]")) return;
  // A page that leads to another by itself: who goes there to sign in is no visitor when they come back.
  if (document.querySelector('meta[http-equiv="refresh"]')) return;
  if (!again && Number(sessionStorage.getItem(VISITOR)) > Date.now()) return;
  // A page that is read for the first time is told of: that is a POST. To look again is a GET.
  const method = again ? "GET" : "POST";
  const response = await fetch(`/-/slots?path=${encodeURIComponent(path)}`, { method, headers: { accept: "application/json" } });
  if (!response.ok) return;
  const slots = await response.json();
  if (Object.keys(slots).length === 0) {
    sessionStorage.setItem(VISITOR, String(Date.now() + 300_000));
    takeMutes({});
    return;
  }
  // Tells the server that this reader's browser fetches the personal bits by itself, so that it may send the page it keeps for
  // everybody. Visitors get no cookie.
  document.cookie = "js=1; Path=/; Max-Age=31536000; SameSite=Lax";
  for (const place of all("[data-slot]")) {
    const html = slots[place.dataset.slot];
    // What was refused stands there with what is wrong with it, until it is sent again.
    if (html === undefined || place.querySelector(".wrong")) continue;
    const typed = place.querySelector("textarea")?.value;
    const focused = place.contains(document.activeElement) ? buttonNumber(place, document.activeElement) : -1;
    // A menu that was opened meanwhile stays open.
    const open = all("details", place).map((details) => details.open);
    place.innerHTML = html;
    all("details", place).forEach((details, n) => (details.open ||= open[n] ?? false));
    const area = place.querySelector("textarea");
    if (area && typed) area.value = typed;
    if (focused >= 0) all(FOCUSED, place)[focused]?.focus();
  }
  markLiked();
  takeMutes(document.querySelector("[data-slot=muted] > [data-muted]")?.dataset ?? {});
  takeZone(document.querySelector(".menu[data-zone]")?.dataset.zone);
  refreshTimes();
}

const FOCUSED = "button, a, textarea, summary";
const buttonNumber = (place, element) => all(FOCUSED, place).indexOf(element);

/** Marks the comments that the reader likes: they stand on the form that came with the personal bits. */
function markLiked() {
  const liked = document.querySelector("[data-liked]")?.dataset.liked.split(" ") ?? [];
  for (const form of all("form[data-comment]")) {
    if (liked.includes(form.dataset.comment)) setLiked(form, true);
  }
}

function setLiked(form, on) {
  form.querySelector("button").setAttribute("aria-pressed", String(on));
  form.action = `/comment/${form.dataset.comment}/${on ? "unlike" : "like"}`;
}

/* What the reader muted, on pages that everybody gets: articles go, comments are folded to a line */

/** The handles of muted authors are kept while the tab is open, so that their articles are not seen before the slots arrive. */
const MUTED = "muted-authors";
const muted = { authors: (sessionStorage.getItem(MUTED) ?? "").split(" "), comments: [] };

function takeMutes({ authors = "", comments = "" }) {
  Object.assign(muted, { authors: authors.split(" "), comments: comments.split(" ") });
  if (authors) sessionStorage.setItem(MUTED, authors);
  else sessionStorage.removeItem(MUTED);
  applyMutes();
}

function applyMutes() {
  for (const card of all("[data-author]")) {
    // An author's own page shows what they wrote, and a list of one's own what one put there.
    if (card.closest("[data-keeps-muted]")) continue;
    (card.closest("li") ?? card).hidden = muted.authors.includes(card.dataset.author);
  }
  for (const floor of all("[data-floor]")) if (muted.comments.includes(floor.dataset.floor)) foldComment(floor);
}

/** As the server draws it for those who have no script. */
function foldComment(floor) {
  if (floor.querySelector(":scope > details.muted")) return;
  const details = Object.assign(document.createElement("details"), { className: "muted" });
  details.append(Object.assign(document.createElement("summary"), { textContent: words.muted }));
  details.append(...[...floor.childNodes].filter((node) => !node.classList?.contains("answer")));
  floor.prepend(details);
}

/* Buttons that post */

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.matches("[data-session]")) for (const key of [VISITOR, MUTED]) sessionStorage.removeItem(key);
  if (!form.matches("[data-live]")) return;
  event.preventDefault();
  const button = event.submitter ?? form.querySelector("button");
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams(new FormData(form));
    const response = await fetch(form.action, { method: "POST", body, redirect: "manual", headers: { accept: "application/json" } });
    if (response.status === 401) {
      location.assign(`/login?return=${encodeURIComponent(location.pathname + location.search)}`);
    } else if (response.status === 409) {
      // Why not is more than a button can say.
      form.submit();
    } else if (response.type !== "opaqueredirect" && !response.ok) {
      say(button, words.failed);
    } else if (form.dataset.comment) {
      countLike(form, button);
    } else {
      await fillSlots(undefined, true);
    }
  } catch {
    say(button, words.failed);
  } finally {
    button.removeAttribute("aria-busy");
  }
});

function countLike(form, button) {
  const on = button.getAttribute("aria-pressed") !== "true";
  setLiked(form, on);
  const n = button.querySelector(".n");
  const value = n ? Number(n.textContent) : 0;
  if (n && Number.isFinite(value)) n.textContent = String(Math.max(0, value + (on ? 1 : -1)));
  if (!n && on) button.firstChild.after(" ", Object.assign(document.createElement("span"), { className: "n", textContent: "1" }));
}

/** Says something for two seconds in place of a button's words. */
function say(button, text) {
  if (!text || button.dataset.said) return;
  const before = [...button.childNodes];
  button.dataset.said = "1";
  button.setAttribute("aria-live", "polite");
  button.replaceChildren(text);
  setTimeout(() => {
    button.replaceChildren(...before);
    delete button.dataset.said;
  }, 2000);
}

/* Answering a comment, right under it */

const plain = (event) => !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
/** What was typed for each comment and not sent, while the page is open. */
const unsent = new Map();

function closeAnswer(focus = true) {
  const open = document.querySelector(".answer");
  if (!open) return;
  const floor = open.parentElement;
  const form = open.querySelector("form");
  if (form) unsent.set(form.elements.parent.value, form.elements.text.value);
  if (floor.matches(".answer-elsewhere")) floor.remove();
  else open.remove();
  if (focus) floor.querySelector("[data-reply]")?.focus();
}

document.addEventListener("click", async (event) => {
  if (event.target.closest?.("[data-reply-cancel]") && plain(event)) {
    event.preventDefault();
    return closeAnswer();
  }
  const link = event.target.closest?.("a[data-reply]");
  if (!link || !plain(event)) return;
  event.preventDefault();
  link.setAttribute("aria-busy", "true");
  try {
    const { pathname, search } = new URL(link.href);
    const response = await fetch(`/-/slots?path=${encodeURIComponent(pathname + search)}`, { headers: { accept: "application/json" } });
    const { reply } = response.ok ? await response.json() : {};
    if (!reply) return location.assign(link.href);
    closeAnswer(false);
    const place = Object.assign(document.createElement("div"), { className: "answer", innerHTML: reply });
    place.dataset.slot = "reply";
    link.closest(".floor").append(place);
    const form = place.querySelector("form");
    // Without one it says why this person cannot be answered.
    if (!form) return place.querySelector("a")?.focus();
    form.elements.text.value = unsent.get(form.elements.parent.value) ?? "";
    form.elements.text.focus();
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && event.target.closest?.(".answer")) closeAnswer();
});

/* The floors of a high tower, in the place of the link to them */

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-fold]");
  if (!link || !plain(event)) return;
  event.preventDefault();
  if (link.getAttribute("aria-busy") === "true") return;
  link.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(link.href);
    if (!response.ok) throw new Error(response.statusText);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fold = link.closest("li");
    // Between the floors that are here already; where the page has not all of them, its own link goes on.
    const [above, below] = [fold.previousElementSibling?.value ?? 0, fold.nextElementSibling?.value ?? Infinity];
    const added = all(".tower > li", page).filter((floor) => floor.value > above && floor.value < below);
    fold.replaceWith(...added);
    applyMutes();
    if (added[0]) Object.assign(added[0], { tabIndex: -1 }).focus();
  } catch {
    location.assign(link.href);
  }
});

/* A choice of time zones begins with the reader's own, where the list has it. */

const zones = document.querySelector("select[data-own-zone]");
const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zones && [...zones.options].some((option) => option.value === own)) zones.value = own;

/* Times, by the rules of the server */

const language = root.lang === "en" ? "en-GB" : root.lang;
const clocks = (timeZone) => ({
  dayOf: new Intl.DateTimeFormat("en-CA", { timeZone }),
  clock: new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" }),
  shortDate: new Intl.DateTimeFormat(language, { timeZone, month: "long", day: "numeric" }),
  longDate: new Intl.DateTimeFormat(language, { timeZone, year: "numeric", month: "long", day: "numeric" }),
});
let { dayOf, clock, shortDate, longDate } = clocks(root.dataset.zone);

/** A page that everybody gets has times of the site's zone; the reader's own comes with their menu. */
function takeZone(own) {
  if (!own || own === root.dataset.zone) return;
  root.dataset.zone = own;
  ({ dayOf, clock, shortDate, longDate } = clocks(own));
  for (const time of all("time[datetime]")) {
    const at = Date.parse(time.dateTime);
    if (Number.isNaN(at)) continue;
    const whole = `${longDate.format(at)} ${clock.format(at)}`;
    if ("ago" in time.dataset) time.title = whole;
    else time.textContent = whole;
  }
}

function ago(at, now) {
  const minutes = Math.floor((now - at) / 60_000);
  const [then, today] = [dayOf.format(at), dayOf.format(now)];
  if (minutes >= 0) {
    if (minutes < 1) return words.now;
    if (minutes < 60) return words.minutes.replace("{n}", minutes);
    if (then === today || minutes < 360) return words.hours.replace("{n}", Math.floor(minutes / 60));
    if (then === dayOf.format(now - 86_400_000)) return words.yesterday.replace("{time}", clock.format(at));
  }
  return (then.slice(0, 4) === today.slice(0, 4) ? shortDate : longDate).format(at);
}

function refreshTimes() {
  const now = Date.now();
  for (const time of all("time[data-ago]")) {
    const at = Date.parse(time.dateTime);
    const text = Number.isNaN(at) ? time.textContent : ago(at, now);
    if (text !== time.textContent) time.textContent = text;
  }
}

/* Sharing */

function sharing() {
  for (const details of all("[data-copy]")) {
    const summary = details.querySelector("summary");
    summary.addEventListener("click", async (event) => {
      if (!navigator.clipboard) return; // the field opens, to copy from by hand
      event.preventDefault();
      try {
        await navigator.clipboard.writeText(details.querySelector("input").value);
        say(summary, words.copied);
      } catch {
        details.open = true;
      }
    });
    details.addEventListener("toggle", () => details.open && details.querySelector("input").select());
  }
  for (const item of navigator.share ? all("[data-share-sheet]") : []) {
    item.hidden = false;
    const { title, url } = item.querySelector("button").dataset;
    item.addEventListener("click", () => navigator.share({ title, url }).catch(() => {}));
  }
}

// What floats goes away by a click elsewhere and by Escape.
const floating = "details.menu[open], details.pop[open]";
document.addEventListener("click", (event) => {
  for (const details of all(floating)) if (!details.contains(event.target)) details.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const details of all(floating)) {
    details.open = false;
    details.querySelector("summary").focus();
  }
});

/* Tabs: a list of sections becomes a tab list (WAI-ARIA practices, automatic activation) */

function tabs(box) {
  const panels = all(":scope > .tab", box);
  if (panels.length < 2) return;
  const list = document.createElement("div");
  list.className = "tablist";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-labelledby", box.closest("section").getAttribute("aria-labelledby"));
  const buttons = panels.map((panel) => {
    const title = panel.querySelector(".tab-title a");
    const button = document.createElement("button");
    Object.assign(button, { type: "button", id: `${panel.id}-tab`, textContent: title.textContent });
    button.setAttribute("role", "tab");
    button.setAttribute("aria-controls", panel.id);
    button.dataset.channel = title.dataset.channel;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", button.id);
    title.tabIndex = -1;
    title.parentElement.classList.add("vh");
    list.append(button);
    return button;
  });
  const select = (chosen) => {
    buttons.forEach((button, n) => {
      button.setAttribute("aria-selected", String(n === chosen));
      button.tabIndex = n === chosen ? 0 : -1;
      panels[n].hidden = n !== chosen;
    });
  };
  const last = buttons.length - 1;
  list.addEventListener("click", (event) => {
    const n = buttons.indexOf(event.target.closest("button"));
    if (n >= 0) select(n);
  });
  list.addEventListener("keydown", (event) => {
    const n = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: n === last ? 0 : n + 1, ArrowLeft: n === 0 ? last : n - 1, Home: 0, End: last }[event.key];
    if (n < 0 || to === undefined) return;
    event.preventDefault();
    select(to);
    buttons[to].focus();
  });
  box.prepend(list);
  box.classList.add("on");
  select(0);
}

/* More of a list in its place */

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-more]");
  const list = document.querySelector("[data-list]");
  if (!link || !list || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  link.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(link.href);
    if (!response.ok) throw new Error(response.statusText);
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    const added = [...(next.querySelector("[data-list]")?.children ?? [])];
    list.append(...added);
    applyMutes();
    const pager = next.querySelector(".pager a[data-more]");
    if (pager) link.replaceWith(pager);
    else link.closest(".pager").remove();
    added[0]?.querySelector("a:not([tabindex])")?.focus();
    refreshTimes();
  } catch {
    location.assign(link.href);
  }
});

/* What was seen, for ranking: which cards came into view, how long an article was, whether to its end. Sums, no cookie, nothing of
   anybody; nothing at all where the reader's browser asks for that. */

function watch() {
  if (navigator.globalPrivacyControl || navigator.doNotTrack === "1" || !navigator.sendBeacon || !window.IntersectionObserver) return;
  const here = location.pathname.split("/");
  const article = here[1] === "article" && here.length === 3 ? here[2] : null;
  const page = article ? "other" : here[1]?.startsWith("@") ? "author" : here[1] || "home";
  const told = new Set();
  let shown = [];
  let opened = [];

  /** The article of a card, the list that it stands in, and its place there. */
  function stands(card) {
    const id = card.querySelector("a[href^='/article/']")?.getAttribute("href").split(/[/#?]/)[2];
    const box = card.closest("section[id], aside[id]");
    const place = all(".card", box ?? document).indexOf(card) + 1;
    return id && [id, box?.id ?? page, Math.min(place, 100)];
  }

  let seconds = 0;
  let since = document.hidden ? null : performance.now();
  let finished = false;
  let shared = false;
  function tell() {
    if (since !== null) seconds += (performance.now() - since) / 1000;
    since = document.hidden ? null : performance.now();
    const body = {};
    if (shown.length) body.shown = shown;
    if (opened.length) body.opened = opened;
    if (article && seconds >= 1) body.read = { article, seconds: Math.round(seconds), finished, shared };
    if (Object.keys(body).length === 0) return;
    [shown, opened, seconds] = [[], [], 0];
    navigator.sendBeacon("/-/seen", new Blob([JSON.stringify(body)], { type: "application/json" }));
  }

  const cards = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      cards.unobserve(target);
      const card = stands(target);
      if (!card || told.has(card[0])) continue;
      told.add(card[0]);
      shown.push(card);
      if (shown.length === 50) tell();
    }
  }, { threshold: 0.6 });
  const observe = () => all(".card").forEach((card) => cards.observe(card));
  observe();
  const list = document.querySelector("[data-list]");
  if (list) new MutationObserver(observe).observe(list, { childList: true });

  document.addEventListener("click", (event) => {
    const card = event.target.closest?.("a[href^='/article/']")?.closest(".card");
    const chosen = card && stands(card);
    if (chosen) opened = [chosen];
    if (event.target.closest?.("#share a, #share button, #share summary")) shared = true;
  });
  // The end of the text is where what follows it comes into view.
  const end = article && document.getElementById("notice");
  if (end) {
    const reached = new IntersectionObserver((entries) => {
      finished ||= entries.some((entry) => entry.isIntersecting);
      if (finished) reached.disconnect();
    });
    reached.observe(end);
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? tell() : (since = performance.now())));
  addEventListener("pagehide", tell);
}

/* What is suggested while somebody types: the script for it comes when a search box is entered. Without it the form searches. */

function suggesting(input) {
  // The browser's own list would lie over it.
  input.autocomplete = "off";
  const load = () => import(input.form.dataset.script).then(({ suggest }) => suggest(input)).catch(() => {});
  if (document.activeElement === input) load();
  else input.addEventListener("focus", load, { once: true });
}

// What scrolls sideways must be within the keyboard's reach.
for (const box of all(".prose pre, .prose > table")) if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
refreshTimes();
setInterval(refreshTimes, 60_000);
sharing();
all("[data-tabs]").forEach(tabs);
watch();
applyMutes();
all("form[data-script] input[name='q']").forEach(suggesting);
// Who is signed in hears of notifications; others need not fetch the script for it.
async function hear() {
  await fillSlots().catch(() => {});
  const bell = document.querySelector("[data-unread]");
  if (bell) await import(bell.dataset.script);
}
hear().catch(() => {});
