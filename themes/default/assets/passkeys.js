// Passkeys: asks the browser to make one, or to sign in by one, and sends what it answered by the form that stands around the button. Loaded only by pages
// with such a button, which is shown where the browser knows passkeys.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
const text = (buffer) => {
  const chars = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(chars).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
};

/** What the server asks, with bytes where the browser wants bytes. */
function options({ publicKey }) {
  const ids = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
  const asked = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (publicKey.user) asked.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  if (publicKey.excludeCredentials) asked.excludeCredentials = ids(publicKey.excludeCredentials);
  if (publicKey.allowCredentials) asked.allowCredentials = ids(publicKey.allowCredentials);
  return { publicKey: asked };
}

/** What the browser answered, as the server reads it. */
function answer({ id, rawId, type, response }) {
  const fields = ["attestationObject", "clientDataJSON", "authenticatorData", "signature", "userHandle"];
  const sent = fields.filter((field) => response[field]).map((field) => [field, text(response[field])]);
  const said = Object.fromEntries(sent);
  if (response.signature && !said.userHandle) said.userHandle = null;
  return { id, rawId: text(rawId), type, response: said };
}

async function ask(part) {
  const form = part.closest("form");
  const [button, status] = [part.querySelector("button"), part.querySelector("[role=status]")];
  if (button.getAttribute("aria-busy") === "true") return;
  // A passkey that the server then refuses would stay on the device.
  if (part.dataset.passkey === "create" && !form.reportValidity()) return;
  button.setAttribute("aria-busy", "true");
  status.textContent = part.dataset.busy;
  try {
    const begun = await fetch(part.dataset.begin, { method: "POST", headers: { accept: "application/json" } });
    if (begun.status === 401 && part.dataset.again) return location.assign(part.dataset.again);
    if (!begun.ok) throw new Error(begun.statusText);
    const challenge = await begun.json();
    const credential = await navigator.credentials[part.dataset.passkey](options(challenge.options));
    form.querySelector("[data-passkey-ceremony]").value = challenge.ceremony;
    form.querySelector("[data-passkey-credential]").value = JSON.stringify(answer(credential));
    form.requestSubmit();
  } catch {
    // Also where somebody changed their mind: browsers do not say which it was.
    status.textContent = part.dataset.failed;
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** Enter in the field for its name makes the passkey, too: without one there is nothing to send. */
function sendWhole(part) {
  part.closest("form").addEventListener("submit", (event) => {
    if (event.target.querySelector("[data-passkey-credential]").value) return;
    event.preventDefault();
    ask(part);
  });
}

if (globalThis.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-passkey]")) {
    part.hidden = false;
    part.querySelector("button").addEventListener("click", () => ask(part));
    if (part.dataset.passkey === "create") sendWhole(part);
  }
  for (const none of document.querySelectorAll("[data-passkey-none]")) none.hidden = true;
}
