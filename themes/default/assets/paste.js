// Pasting from word processors, editors for messengers and web pages: headings, emphasis, links, lists, tables and pictures come
// in as the Markdown or HTML of the desk. What is pasted is only read, never put into a page. Without anything to keep, and with
// Ctrl+Shift+V, the browser pastes the plain text.

const form = document.querySelector("form[data-desk]");
const words = JSON.parse(document.getElementById("desk-words").textContent);
const body = form.elements.body;
const told = document.querySelector("[data-upload-status]");

/** Bounds: what is longer, larger or deeper comes in as plain text. */
const LONGEST = 4 * 2 ** 20;
const NODES = 50_000;
const DEEPEST = 200;

const SKIPPED = /^(script|style|meta|link|title|head|template|svg|object|noscript)$/;
const BLOCK = /^(p|div|section|article|main|header|footer|aside|figure|figcaption|address|center|dl|dt|dd|form|fieldset|details|summary|body|caption)$/;
const HEADING = /^h([1-6])$/;
const MARKS = { b: "b", strong: "b", i: "i", em: "i", cite: "i", s: "s", del: "s", strike: "s", code: "c", tt: "c", kbd: "c", samp: "c" };
const LAZY = ["data-src", "data-original", "data-lazy-src", "src"];

/* What was pasted, as blocks of runs: a run is a text with its marks and link, a picture or a line break */

/**
 * The markup with its styles as plain data. Chromium applies the page's security policy to what a `DOMParser` reads too and complains of
 * each style, although none would ever be applied. One pass: tags are found as the HTML standard finds them, texts stay as they are.
 */
function unstyled(html) {
  const [begin, attribute, end] = [/<(?:!--|([a-z][^\s/>]*))/gi, /[\s/]*([^\s/>=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+))?/y, /<\/style/gi];
  const parts = [];
  let kept = 0;
  for (let found = begin.exec(html); found; found = begin.exec(html)) {
    const name = found[1]?.toLowerCase();
    if (!name) {
      const close = html.indexOf("-->", begin.lastIndex);
      if (close < 0) break;
      begin.lastIndex = close;
    } else if (name === "style") {
      parts.push(html.slice(kept, found.index));
      end.lastIndex = begin.lastIndex;
      kept = end.exec(html)?.index ?? html.length;
      begin.lastIndex = kept;
    } else {
      attribute.lastIndex = begin.lastIndex;
      for (let one = attribute.exec(html); one; one = attribute.exec(html)) {
        begin.lastIndex = attribute.lastIndex;
        if (one[1].toLowerCase() !== "style") continue;
        const at = one.index + one[0].indexOf(one[1]);
        parts.push(html.slice(kept, at), "data-");
        kept = at;
      }
    }
  }
  parts.push(html.slice(kept));
  return parts.join("");
}

function read(html) {
  const page = new DOMParser().parseFromString(unstyled(html), "text/html");
  const state = { nodes: 0, left: 0, kept: 0 };
  const blocks = inside(page.body, {}, state, 0);
  return { blocks: lists(blocks), ...state };
}

const style = (element) => (element.getAttribute("data-style") ?? "").toLowerCase();

function marks(element, name, before) {
  const now = { ...before };
  if (MARKS[name]) now[MARKS[name]] = true;
  const rules = style(element);
  const weight = rules.match(/font-weight:\s*(\w+)/)?.[1];
  if (weight) now.b = /^(bold|bolder|[6-9]00)$/.test(weight);
  const slant = rules.match(/font-style:\s*(\w+)/)?.[1];
  if (slant) now.i = /^(italic|oblique)$/.test(slant);
  if (/text-decoration[^;]*line-through/.test(rules)) now.s = true;
  return now;
}

function address(text, schemes) {
  try {
    const url = new URL(text.trim(), "https://here.invalid/");
    return schemes.includes(url.protocol) && url.host !== "here.invalid" ? url.href : null;
  } catch {
    return null;
  }
}

/** The blocks within an element; what stands beside blocks makes paragraphs of its own. */
function inside(element, marked, state, depth) {
  const blocks = [];
  let runs = [];
  const flush = () => {
    if (runs.some((run) => run.src || run.text?.trim())) blocks.push({ kind: "p", runs });
    runs = [];
  };
  const walk = (node, marked, depth) => {
    if (++state.nodes > NODES || depth > DEEPEST) throw new RangeError("too much to paste");
    if (node.nodeType === Node.TEXT_NODE) {
      runs.push({ ...marked, text: node.data.replace(/[ \t\r\n\f]+/g, " ") });
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const name = node.localName;
    const rules = style(node);
    if (SKIPPED.test(name) || /display:\s*none/.test(rules)) return;
    // The bullets that Word draws itself.
    if (rules.includes("mso-list:ignore")) return;
    const heading = name.match(HEADING);
    if (name === "br") {
      runs.push({ br: true });
    } else if (name === "img") {
      const src = LAZY.map((key) => address(node.getAttribute(key) ?? "", ["http:", "https:"])).find(Boolean);
      if (src) runs.push({ ...marked, src, alt: (node.getAttribute("alt") ?? "").replace(/\s+/g, " ").trim() });
      else state.left++;
    } else if (name === "a") {
      const href = address(node.getAttribute("href") ?? "", ["http:", "https:", "mailto:"]);
      for (const child of node.childNodes) walk(child, { ...marks(node, name, marked), href: href ?? marked.href }, depth + 1);
    } else if (heading) {
      flush();
      // A heading is bold as it is.
      const within = inside(node, { ...marked, b: undefined }, state, depth + 1);
      const words = within.flatMap((block) => block.runs ?? []).map((run) => ({ ...run, b: undefined, br: undefined, text: run.br ? " " : run.text }));
      if (words.length > 0) blocks.push({ kind: "h", level: Math.min(Math.max(Number(heading[1]), 2), 4), runs: words });
    } else if (name === "ul" || name === "ol") {
      flush();
      blocks.push(list(node, marked, state, depth + 1));
    } else if (name === "blockquote") {
      flush();
      blocks.push({ kind: "quote", blocks: lists(inside(node, marked, state, depth + 1)) });
    } else if (name === "pre") {
      flush();
      const lang = node.querySelector("code")?.className.match(/language-([\w+#-]+)/)?.[1] ?? "";
      blocks.push({ kind: "code", lang, text: node.textContent.replace(/\n$/, "") });
    } else if (name === "hr") {
      flush();
      blocks.push({ kind: "hr" });
    } else if (name === "table") {
      flush();
      blocks.push(...table(node, marked, state, depth + 1));
    } else if (BLOCK.test(name) || name === "li") {
      flush();
      const within = inside(node, marks(node, name, marked), state, depth + 1);
      const level = rules.match(/mso-list:[^;]*level(\d+)/)?.[1];
      if (level && within.length > 0) {
        const drawn = [...node.querySelectorAll("[data-style]")].find((inner) => style(inner).includes("mso-list:ignore"));
        within[0].word = { level: Number(level), ordered: /^\s*[(（]?[0-9a-z一二三四五六七八九十]+[.)、．）]/i.test(drawn?.textContent ?? "") };
      }
      blocks.push(...within);
    } else {
      for (const child of node.childNodes) walk(child, marks(node, name, marked), depth + 1);
    }
  };
  for (const child of element.childNodes) walk(child, marked, depth);
  flush();
  return blocks;
}

function list(element, marked, state, depth) {
  const items = [];
  for (const child of element.children) {
    // Some put an inner list beside the item that it belongs to.
    if (/^[uo]l$/.test(child.localName) && items.length > 0) items.at(-1).push(list(child, marked, state, depth + 1));
    else items.push(lists(inside(child.localName === "li" ? child : { childNodes: [child] }, marked, state, depth + 1)));
  }
  return { kind: "list", ordered: element.localName === "ol", items: items.filter((item) => item.length > 0) };
}

function table(element, marked, state, depth) {
  const rows = [...element.rows].map((row) => [...row.cells]);
  // A table of one cell, or of one column, is a box around a text.
  if (rows.every((cells) => cells.length < 2)) return rows.flat().flatMap((cell) => lists(inside(cell, marked, state, depth + 1)));
  const side = (cell) => (cell.getAttribute("align") ?? style(cell).match(/text-align:\s*(\w+)/)?.[1] ?? "").replace("end", "right");
  const read = (cell) => {
    const runs = inside(cell, marked, state, depth + 1).flatMap((block, n) => [...(n > 0 ? [{ text: " " }] : []), ...plain(block)]);
    return { runs: runs.map((run) => (run.br ? { text: " " } : run)), head: cell.localName === "th", side: side(cell) };
  };
  return [{ kind: "table", rows: rows.map((cells) => cells.map(read)) }];
}

/** The runs of a block where only runs may stand. */
function plain(block) {
  if (block.runs) return block.runs;
  if (block.kind === "code") return [{ text: block.text, c: true }];
  const inner = block.blocks ?? block.items?.flat() ?? block.rows?.flat() ?? [];
  return inner.flatMap((part, n) => [...(n > 0 ? [{ text: " " }] : []), ...plain(part)]);
}

/** Paragraphs that Word calls items become lists. */
function lists(blocks) {
  const out = [];
  const open = [];
  for (const { word, ...block } of blocks) {
    if (!word) {
      open.length = 0;
      out.push(block);
      continue;
    }
    const { level, ordered } = word;
    while (open.length > 0 && open.at(-1).level > level) open.pop();
    if (open.length === 0 || open.at(-1).level < level) {
      const made = { kind: "list", ordered, items: [] };
      (open.at(-1)?.list.items.at(-1) ?? out).push(made);
      open.push({ level, list: made });
    }
    open.at(-1).list.items.push([block]);
  }
  return out;
}

/* Runs, outer marks around inner ones */

const ORDER = ["href", "b", "i", "s", "c"];

function tidy(runs) {
  const out = [];
  for (const run of runs) {
    const last = out.at(-1);
    const same = last && run.text !== undefined && last.text !== undefined && ORDER.every((mark) => (last[mark] || "") === (run[mark] || ""));
    if (same) last.text += run.text;
    else out.push({ ...run });
  }
  for (const run of out) if (run.text !== undefined) run.text = run.text.replace(/ +/g, " ");
  return out;
}

/** `write(mark, value, inner)` wraps, `leaf(run)` writes one. White space goes outside of marks. */
function nested(runs, order, write, leaf) {
  if (order.length === 0) return runs.map(leaf).join("");
  const [mark, ...rest] = order;
  let out = "";
  for (let at = 0; at < runs.length; ) {
    let end = at + 1;
    while (end < runs.length && (runs[end][mark] || "") === (runs[at][mark] || "")) end++;
    const inner = nested(runs.slice(at, end), rest, write, leaf);
    const [, before, text, after] = inner.match(/^(\s*)([^]*?)(\s*)$/);
    out += runs[at][mark] && text ? before + write(mark, runs[at][mark], text) + after : inner;
    at = end;
  }
  return out;
}

/* Markdown */

const escaped = (text) =>
  text
    .replace(/[\\`*[\]<]/g, "\\$&")
    .replace(/(^|[^\p{L}\p{N}])_|_(?=[^\p{L}\p{N}]|$)/gu, (found) => found.replace("_", "\\_"))
    .replace(/~~/g, "\\~~")
    .replace(/&(?=#?\w+;)/g, "\\&");

const bare = (href) => href.replace(/[()\\]/g, (sign) => encodeURIComponent(sign) === sign ? `%${sign.charCodeAt(0).toString(16)}` : encodeURIComponent(sign));

function inline(runs, cell) {
  const write = (mark, value, text) => ({ href: `[${text}](${bare(String(value))})`, b: `**${text}**`, i: `*${text}*`, s: `~~${text}~~`, c: text })[mark];
  const leaf = (run) => {
    if (run.br) return cell ? " " : "\\\n";
    if (run.src) return `![${escaped(run.alt)}](${bare(run.src)})`;
    if (run.c && run.text.trim()) {
      const fence = "`".repeat(Math.max(0, ...[...run.text.matchAll(/`+/g)].map(([ticks]) => ticks.length)) + 1);
      const room = /^`|`$/.test(run.text.trim()) ? " " : "";
      return run.text.replace(/\S(?:.*\S)?/s, (code) => `${fence}${room}${code}${room}${fence}`);
    }
    return escaped(run.text);
  };
  const text = nested(tidy(runs), ORDER, write, leaf).trim().replace(/(\\\n)+$/, "");
  return cell ? text.replace(/\|/g, "\\|") : text.replace(/^(#{1,6} |[-+>] ?|\d{1,9}[.)] )/gm, (mark) => mark.replace(/([#>.)+-])/, "\\$1"));
}

const indent = (text, by) => text.replace(/\n(?!\n|$)/g, `\n${" ".repeat(by)}`);

function markdown(blocks) {
  return blocks
    .map((block) => {
      switch (block.kind) {
        case "h":
          return `${"#".repeat(block.level)} ${inline(block.runs, true).replace(/\\\|/g, "|")}`;
        case "quote":
          return markdown(block.blocks).replace(/^/gm, "> ");
        case "code": {
          const fence = "`".repeat(Math.max(2, ...[...block.text.matchAll(/`+/g)].map(([ticks]) => ticks.length)) + 1);
          return `${fence}${block.lang}\n${block.text}\n${fence}`;
        }
        case "hr":
          return "---";
        case "table":
          return tableText(block.rows);
        case "list":
          return block.items
            .map((item, n) => {
              const mark = block.ordered ? `${n + 1}. ` : "- ";
              return mark + indent(item.map((inner) => markdown([inner])).join(item.some((inner) => inner.kind === "p" && inner !== item[0]) ? "\n\n" : "\n"), mark.length);
            })
            .join("\n");
        default:
          return inline(block.runs, false);
      }
    })
    .filter(Boolean)
    .join("\n\n");
}

function tableText(rows) {
  const width = Math.max(...rows.map((cells) => cells.length));
  const line = (cells) => `| ${Array.from({ length: width }, (_, n) => (cells[n] ? inline(cells[n].runs, true) : "")).join(" | ")} |`;
  const rule = Array.from({ length: width }, (_, n) => ({ center: ":-:", right: "--:" })[rows[0][n]?.side] ?? "---");
  return [line(rows[0]), `| ${rule.join(" | ")} |`, ...rows.slice(1).map(line)].join("\n");
}

/* HTML */

const entities = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
const TAGS = { b: "strong", i: "em", s: "s", c: "code" };

function inlineHtml(runs) {
  const write = (mark, value, text) => (mark === "href" ? `<a href="${entities(String(value))}">${text}</a>` : `<${TAGS[mark]}>${text}</${TAGS[mark]}>`);
  const leaf = (run) => (run.br ? "<br>" : run.src ? `<img src="${entities(run.src)}" alt="${entities(run.alt)}">` : entities(run.text));
  return nested(tidy(runs), ORDER, write, leaf).trim();
}

function markup(blocks) {
  return blocks
    .map((block) => {
      switch (block.kind) {
        case "h":
          return `<h${block.level}>${inlineHtml(block.runs)}</h${block.level}>`;
        case "quote":
          return `<blockquote>\n${markup(block.blocks)}\n</blockquote>`;
        case "code":
          return `<pre><code${block.lang ? ` class="language-${entities(block.lang)}"` : ""}>${entities(block.text)}</code></pre>`;
        case "hr":
          return "<hr>";
        case "table": {
          const cell = ({ runs, head, side }) => `<${head ? "th" : "td"}${/^(center|right)$/.test(side) ? ` align="${side}"` : ""}>${inlineHtml(runs)}</${head ? "th" : "td"}>`;
          return `<table>\n${block.rows.map((cells) => `<tr>${cells.map(cell).join("")}</tr>`).join("\n")}\n</table>`;
        }
        case "list": {
          const tag = block.ordered ? "ol" : "ul";
          const item = (inner) => (inner.length === 1 && inner[0].kind === "p" ? inlineHtml(inner[0].runs) : inner.map((part, n) => (n === 0 && part.kind === "p" ? inlineHtml(part.runs) : markup([part]))).join("\n"));
          return `<${tag}>\n${block.items.map((inner) => `<li>${item(inner)}</li>`).join("\n")}\n</${tag}>`;
        }
        default:
          return `<p>${inlineHtml(block.runs)}</p>`;
      }
    })
    .join("\n\n");
}

/* Pasting */

/** Whether there is more than paragraphs of plain words. */
const rich = (blocks) => blocks.some((block) => block.kind !== "p" || block.runs.some((run) => run.src || (run.text?.trim() && ORDER.some((mark) => run[mark]))));

function insert(text) {
  const { value, selectionStart: from, selectionEnd: to } = body;
  const lone = !text.includes("\n");
  const before = lone || from === 0 || value.slice(0, from).endsWith("\n\n") ? "" : value[from - 1] === "\n" ? "\n" : "\n\n";
  const after = lone || value.slice(to).startsWith("\n") ? "" : "\n\n";
  // This way the browser can undo it.
  if (!document.execCommand("insertText", false, before + text + after)) {
    body.setRangeText(before + text + after, from, to, "end");
    body.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Says whether it took what is pasted. */
function paste(html) {
  const format = form.elements.format.value;
  if (!html || html.length > LONGEST || html.split("<").length > 2 * NODES || !["markdown", "html"].includes(format)) return false;
  let found;
  try {
    found = read(html);
  } catch {
    return false;
  }
  // Words are worth more than a picture of them, which word processors add; a picture without words is uploaded.
  const hasWords = found.blocks.some((block) => plain(block).some((run) => run.text?.trim()));
  if (!hasWords || !rich(found.blocks)) return false;
  const { blocks } = found;
  const single = format === "html" && blocks.length === 1 && blocks[0].kind === "p";
  insert(format === "html" ? (single ? inlineHtml(blocks[0].runs) : markup(blocks)) : markdown(blocks));
  if (found.left > 0) told.textContent = words.pasted_without;
  return true;
}

// Before the desk's own listener, which uploads pictures.
form.addEventListener(
  "paste",
  (event) => {
    if (event.target !== body || !paste(event.clipboardData?.getData("text/html"))) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
