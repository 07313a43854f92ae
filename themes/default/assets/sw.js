// Tells somebody while nobody looks (Web Push): shows what the site sends, and opens what it is about. It keeps nothing and answers no requests.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data?.json() ?? {};
  } catch {
    // Not from this site's program: browsers want something shown all the same.
  }
  const { title = self.location.host, body = "", url = "/notifications", tag, lang = "" } = told;
  event.waitUntil(self.registration.showNotification(title, { body, tag, lang, data: { url } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const to = new URL(event.notification.data?.url ?? "/notifications", self.location.origin);
  if (to.origin !== self.location.origin) return;
  event.waitUntil(open(to.href));
});

/** In a page that is open there already, else in a new one. */
async function open(address) {
  const pages = await self.clients.matchAll({ type: "window" });
  const there = pages.find((page) => page.url === address);
  return there ? there.focus() : self.clients.openWindow(address);
}
