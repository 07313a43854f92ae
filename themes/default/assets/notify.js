// How much somebody has not read: the number in the bar stays true while the page is in view, by server-sent events. Loaded by site.js for those who
// are signed in; without it, each page that is opened says the number.

const root = document.documentElement;
const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
/** The bar is drawn anew now and then. */
const bell = () => document.querySelector("[data-unread]");

/** Says it to those who do not see the number. */
const said = Object.assign(document.createElement("span"), { className: "vh" });
said.setAttribute("role", "status");
document.getElementById("site-bar")?.append(said);

function show(unread) {
  const link = bell();
  if (!link || !Number.isFinite(unread)) return;
  const before = Number(link.dataset.unread);
  const shown = unread > 99 ? "99+" : String(unread);
  const text = unread > 0 ? words.unread.replace("{n}", shown) : words.notices;
  link.dataset.unread = String(unread);
  link.querySelector(".vh").textContent = text;
  Object.assign(link.querySelector(".badge"), { textContent: shown, hidden: unread === 0 });
  said.textContent = unread > before ? text : "";
}

/* One connection a page, and only while somebody looks: browsers have six for a site. */

// Whoever goes on at once needs none.
const DELAY = 1_500;
let source;
let timer;

function join() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (source || document.hidden) return;
    source = new EventSource("/-/notifications");
    // For tests: from here on nothing is missed.
    source.addEventListener("open", () => (root.dataset.listens = "yes"));
    source.addEventListener("error", () => delete root.dataset.listens);
    source.addEventListener("message", ({ data }) => show(Number(data)));
  }, DELAY);
}

function leave() {
  clearTimeout(timer);
  source?.close();
  source = undefined;
  delete root.dataset.listens;
}

document.addEventListener("visibilitychange", () => (document.hidden ? leave() : join()));
addEventListener("pagehide", leave);
addEventListener("pageshow", (event) => event.persisted && join());
join();

/* What is opened is read */

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-read]");
  if (link) navigator.sendBeacon?.(`/notifications/${link.dataset.read}/read`, new URLSearchParams({ return: "/about" }));
});
