// What is suggested while somebody types into a search box: a combobox with a list (WAI-ARIA practices). Loaded by site.js when a box is entered.

const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

export function suggest(input) {
  const number = document.querySelectorAll(".suggestions").length;
  const list = document.createElement("ul");
  const said = document.createElement("span");
  Object.assign(list, { id: `suggestions-${number}`, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.suggestion);
  said.className = "vh";
  said.setAttribute("role", "status");
  input.form.append(list, said);
  const state = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
  for (const [name, value] of Object.entries(state)) input.setAttribute(name, value);

  let asked = 0;
  let chosen = -1;
  const close = () => {
    asked += 1;
    list.hidden = true;
    said.textContent = "";
    choose(-1);
    input.setAttribute("aria-expanded", "false");
  };
  const choose = (n) => {
    chosen = n;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === n)));
    if (n < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", list.children[n].id);
    list.children[n]?.scrollIntoView({ block: "nearest" });
  };
  const show = (suggestions) => {
    const options = suggestions.map(({ kind, text, href }, n) => {
      const option = Object.assign(document.createElement("li"), { id: `${list.id}-${n}`, textContent: text });
      option.append(" ", Object.assign(document.createElement("span"), { textContent: kind }));
      option.setAttribute("role", "option");
      option.dataset.href = href;
      return option;
    });
    list.replaceChildren(...options);
    choose(-1);
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = options.length ? words.suggestions.replace("{n}", options.length) : "";
  };
  const ask = async () => {
    const typed = input.value.trim();
    if (!typed) return close();
    const mine = (asked += 1);
    await new Promise((later) => setTimeout(later, 80));
    if (mine !== asked) return;
    const response = await fetch(`/search/suggest?q=${encodeURIComponent(typed)}`, { headers: { accept: "application/json" } });
    if (response.ok && mine === asked) show(await response.json());
  };
  const typed = (event) => event.isComposing || ask().catch(close);
  input.addEventListener("input", typed);
  input.addEventListener("compositionend", () => ask().catch(close));
  input.addEventListener("blur", close);
  // The box keeps the focus, so that the list is still there when the button comes up.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-href]");
    if (option) location.assign(option.dataset.href);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown" && list.hidden) return void ask().catch(close);
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen === last ? -1 : chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? last : chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) location.assign(list.children[chosen].dataset.href);
    else return;
    event.preventDefault();
  });
  // What was typed while this was fetched.
  if (document.activeElement === input && input.value.trim() && input.value !== input.defaultValue) ask().catch(close);
}
