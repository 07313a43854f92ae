// What is one person's stays with that person, however many ask at once: pages are shared, answers to people are not.

import { expect, stateOf, test } from "./site.mjs";

test("people who ask at the same moment are told about themselves only", async ({ playwright, baseURL }) => {
  const context = (handle) => playwright.request.newContext({ baseURL, storageState: stateOf(handle), extraHTTPHeaders: { accept: "text/html" } });
  const people = ["mara", "linqiu", "reader"];
  const contexts = await Promise.all(people.map(context));
  // The script's cookie lets them have everybody's page, where there is one.
  const cookies = await Promise.all(contexts.map(async (one) => ["js=1", ...(await one.storageState()).cookies.filter(({ name }) => name === "session").map(({ name, value }) => `${name}=${value}`)].join("; ")));
  for (const [address, says] of [["/settings/account", (who) => `@${who} `], ["/-/slots?path=%2F", null]]) {
    for (let round = 0; round < 25; round++) {
      const answers = await Promise.all(contexts.map((one, n) => one.get(address, { headers: { cookie: cookies[n] } }).then((answer) => answer.text())));
      if (says) answers.forEach((text, n) => expect(text, `round ${round}`).toContain(says(people[n])));
      else expect(new Set(answers).size, `round ${round}`).toBe(people.length);
    }
  }
  for (const one of contexts) await one.dispose();
});
