// Has this browser told something while nobody looks: asks for the permission, subscribes, and gives the site what it takes to send. Loaded where one
// chooses that; what is told is shown by sw.js.

const here = document.querySelector("[data-push-key]");

/** The key as browsers want it: bytes. */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

/** Subscribes for the site's key; a subscription for another, as of before the site was made anew, is given up. */
async function subscribe(key) {
  await navigator.serviceWorker.register("/sw.js");
  const { pushManager } = await navigator.serviceWorker.ready;
  const known = await pushManager.getSubscription();
  const own = known?.options?.applicationServerKey;
  if (known && own && same(new Uint8Array(own), key)) return known;
  await known?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return say(here.dataset.denied);
  const { endpoint, keys } = (await subscribe(bytes(here.dataset.pushKey))).toJSON();
  const answer = await fetch("/settings/notifications/devices", {
    method: "POST",
    body: new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth }),
    redirect: "manual",
  });
  // Led on to the list, in which this browser stands now.
  if (answer.type !== "opaqueredirect") return say(here.dataset.failed);
  location.reload();
}

function say(text) {
  here.querySelector("[role=status]").textContent = text;
}

if (here) {
  const button = here.querySelector("button");
  here.hidden = false;
  if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
    button.addEventListener("click", async () => {
      // A button that is disabled loses the focus.
      if (button.getAttribute("aria-busy") === "true") return;
      button.setAttribute("aria-busy", "true");
      await turnOn().catch(() => say(here.dataset.failed));
      button.removeAttribute("aria-busy");
    });
  } else {
    button.hidden = true;
    say(here.dataset.lacking);
  }
}
