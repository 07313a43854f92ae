// No two files of a crate use each other, directly or by way of others: `node tests/circles.mjs [CRATE FOLDER …]`.
//
// Reads `use` and paths in the code of each crate, and follows every name to the file that defines it. That a module declares or re-exports
// its children is no use of them; tests are not looked at. Methods are not followed: whose they are, only the compiler knows.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { ROOT } from "./lib.mjs";

const TOKEN = /\/\/[^\n]*|\/\*|b?r(#*)"|(?:b|c)?"(?:[^"\\]|\\[\s\S])*"|b?'(?:[^'\\]|\\(?:x..|u\{[^}]*\}|.))'|'[A-Za-z_]\w*|[A-Za-z_]\w*|::|\d[\w.]*|\S/gu;
const isName = (token) => /^[A-Za-z_]\w*$/.test(token ?? "");

/** The tokens of a file, without comments; texts are empty but for the one that names a feature of tests. */
function tokens(source) {
  const all = [];
  TOKEN.lastIndex = 0;
  for (let match; (match = TOKEN.exec(source)); ) {
    const [token] = match;
    if (token === "/*") {
      const marks = /\/\*|\*\//g;
      marks.lastIndex = TOKEN.lastIndex;
      for (let depth = 1, mark; depth && (mark = marks.exec(source)); ) depth += mark[0] === "/*" ? 1 : -1;
      TOKEN.lastIndex = marks.lastIndex;
    } else if (/^b?r#*"$/.test(token)) {
      const end = `"${match[1]}`;
      TOKEN.lastIndex = source.indexOf(end, TOKEN.lastIndex) + end.length;
    } else if (/^(b|c)?"/.test(token)) {
      all.push(token === '"testing"' ? token : '""');
    } else if (!token.startsWith("//")) {
      all.push(token);
    }
  }
  return all;
}

/** Where the bracket at `at` closes. */
function closing(all, at) {
  for (let depth = 0; at < all.length; at++) {
    if ("([{".includes(all[at])) depth++;
    if (")]}".includes(all[at]) && --depth === 0) return at;
  }
  return all.length - 1;
}

/** Adds what a tree of `use` names to `out`: `{ path, alias }` or `{ path, glob }`. Gives where the tree ends. */
function useTree(all, at, prefix, out) {
  const names = [...prefix];
  if (all[at] === "::") names.push(all[at++]);
  for (;;) {
    if (all[at] === "{") {
      const end = closing(all, at++);
      while (at < end) {
        at = useTree(all, at, names, out);
        if (all[at] === ",") at++;
      }
      return end + 1;
    }
    if (all[at] === "*") {
      out.push({ path: names, glob: true });
      return at + 1;
    }
    names.push(all[at++]);
    if (all[at] === "::") {
      at++;
      continue;
    }
    if (names.at(-1) === "self") names.pop();
    const alias = all[at] === "as" ? all[at + 1] : names.at(-1);
    out.push({ path: names, alias });
    return all[at] === "as" ? at + 2 : at;
  }
}

const KINDS = new Set(["fn", "struct", "enum", "trait", "type", "const", "static", "union"]);
const QUALIFIERS = new Set(["fn", "unsafe", "async", "extern"]);

/** One item that is neither `use` nor `mod`: its name, if others can name it, and where it ends. */
function item(all, at) {
  let [kind, name, head] = [null, null, at];
  while (head < all.length && all[head] !== "{" && all[head] !== ";") {
    if (all[head] === "(" || all[head] === "[") {
      head = closing(all, head) + 1;
      continue;
    }
    if (kind === null && all[head] === "impl") kind = "impl";
    if (kind === null && KINDS.has(all[head]) && !QUALIFIERS.has(all[head + 1])) {
      kind = all[head];
      name = all[head + 1] === "mut" ? all[head + 2] : all[head + 1];
    }
    head++;
  }
  if (["const", "static", "type"].includes(kind)) {
    let end = at;
    while (end < all.length && all[end] !== ";") end = "([{".includes(all[end]) ? closing(all, end) + 1 : end + 1;
    return { name, end };
  }
  return { name, end: all[head] === "{" ? closing(all, head) : head };
}

/** Reads the items of a module into `module`; what only tests have is left out. */
function parse(all, module) {
  for (let at = 0, test = false; at < all.length; ) {
    if (all[at] === "#") {
      const open = all[at + 1] === "!" ? at + 2 : at + 1;
      const end = closing(all, open);
      const attribute = all.slice(open + 1, end);
      test ||= attribute[0] === "cfg" && (attribute.includes("test") || attribute.includes('"testing"')) && !attribute.includes("not");
      module.code.push(...attribute);
      at = end + 1;
      continue;
    }
    const start = at;
    const isPublic = all[at] === "pub";
    if (isPublic) at = all[at + 1] === "(" ? closing(all, at + 1) + 1 : at + 1;
    if (all[at] === "use") {
      const list = [];
      at = useTree(all, at + 1, [], list) + 1;
      if (!test) module.uses.push(...list.map((use) => ({ ...use, isPublic })));
    } else if (all[at] === "mod" && all[at + 2] === ";") {
      if (!test) module.declared.push(all[at + 1]);
      at += 3;
    } else if (all[at] === "mod") {
      const end = closing(all, at + 2);
      if (!test) {
        const child = newModule(module.file, module);
        module.children.set(all[at + 1], child);
        parse(all.slice(at + 3, end), child);
      }
      at = end + 1;
    } else {
      const macro = all[at] === "macro_rules";
      const { name, end } = macro ? { name: all[at + 2], end: closing(all, at + 3) } : item(all, at);
      if (!test && all[start] !== ";") {
        if (name) module.defined.add(name);
        module.code.push(...all.slice(start, end + 1));
      }
      at = Math.max(end, start) + 1;
    }
    test = false;
  }
}

const newModule = (file, parent) => ({ file, parent, defined: new Set(), uses: [], declared: [], children: new Map(), code: [] });

function load(file, folder, parent, all) {
  const module = newModule(file, parent);
  parse(tokens(readFileSync(file, "utf8")), module);
  const attach = (of, below) => {
    all.push(of);
    for (const [name, child] of of.children) attach(child, path.join(below, name));
    for (const name of of.declared) {
      const inner = path.join(below, name);
      of.children.set(name, load([`${inner}.rs`, path.join(inner, "mod.rs")].find(existsSync), inner, of, all));
    }
  };
  attach(module, folder);
  return module;
}

/** `{ module }` or `{ file, name }` that a name stands for in a module, by definition or by `use`. */
function lookUp(root, module, name, seen) {
  if (module.children.has(name)) return { module: module.children.get(name) };
  if (module.defined.has(name)) return { file: module.file, name };
  if (seen.has(module)) return null;
  const further = new Set(seen).add(module);
  for (const use of module.uses) {
    if (use.glob || use.alias !== name) continue;
    const found = resolve(root, module, use.path, further);
    if (found) return found;
  }
  for (const use of module.uses.filter((use) => use.glob)) {
    const from = resolve(root, module, use.path, further)?.module;
    const found = from && lookUp(root, from, name, further);
    if (found) return found;
  }
  return null;
}

function resolve(root, module, names, seen = new Set()) {
  let [at, here] = [0, module];
  if (names[0] === "::") return null;
  if (names[0] === "crate") [at, here] = [1, root];
  if (names[0] === "self") at = 1;
  for (; names[at] === "super"; at++) here = here?.parent;
  if (!here) return null;
  const from = at;
  for (; at < names.length; at++) {
    const found = lookUp(root, here, names[at], at === from ? seen : new Set());
    // Made by a macro of that module, or another crate's.
    if (!found) return at === 0 ? null : { file: here.file, name: names[at] };
    if (!found.module) return found;
    here = found.module;
  }
  return { module: here };
}

/** Which files of a crate use which, and what of them: `Map(file, Map(file, Set(name)))`. */
function usesOf(main) {
  const modules = [];
  const root = load(main, path.dirname(main), null, modules);
  const uses = new Map();
  const add = (from, found) => {
    if (!found?.file || found.file === from) return;
    if (!uses.has(from)) uses.set(from, new Map());
    if (!uses.get(from).has(found.file)) uses.get(from).set(found.file, new Set());
    uses.get(from).get(found.file).add(found.name);
  };
  for (const module of modules) {
    const { code, file } = module;
    for (const use of module.uses.filter((use) => !use.isPublic)) {
      const found = resolve(root, module, use.path);
      if (!use.glob) add(file, found);
      else if (found?.module) for (const name of new Set(code.filter(isName))) add(file, lookUp(root, found.module, name, new Set()));
    }
    const local = new Map();
    for (let at = 0; at < code.length; at++) {
      if (code[at] === "use") {
        const list = [];
        at = useTree(code, at + 1, [], list);
        for (const use of list) {
          const found = resolve(root, module, use.path);
          add(file, found);
          if (found?.module) local.set(use.alias, found.module);
        }
      } else if (isName(code[at]) && code[at + 1] === "::" && !["::", "."].includes(code[at - 1])) {
        const names = [code[at]];
        for (; code[at + 1] === "::" && isName(code[at + 2]); at += 2) names.push(code[at + 2]);
        const known = local.get(names[0]);
        add(file, known ? resolve(root, known, ["self", ...names.slice(1)]) : resolve(root, module, names));
      }
    }
  }
  return uses;
}

/** Groups of files that can be reached from each other (Tarjan 1972). */
function circles(uses) {
  const [index, low, stack, found] = [new Map(), new Map(), [], []];
  const visit = (file) => {
    index.set(file, index.size);
    low.set(file, index.get(file));
    stack.push(file);
    for (const next of uses.get(file)?.keys() ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file), low.get(next)));
    }
    if (low.get(file) === index.get(file)) {
      const circle = stack.splice(stack.indexOf(file));
      if (circle.length > 1) found.push(circle);
    }
  };
  for (const file of uses.keys()) if (!index.has(file)) visit(file);
  return found;
}

const manifests = execFileSync("git", ["ls-files", "*/Cargo.toml"], { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
const asked = process.argv.slice(2);
let bad = 0;
for (const folder of manifests.map(path.dirname).filter((folder) => asked.length === 0 || asked.includes(folder))) {
  const source = path.join(ROOT, folder, "src");
  const main = ["lib.rs", "main.rs"].map((name) => path.join(source, name)).find(existsSync);
  const uses = usesOf(main);
  const short = (file) => path.relative(source, file);
  for (const circle of circles(uses)) {
    const names = `${folder}: ${circle.map(short).sort().join(", ")}`;
    bad++;
    console.error(`a circle of files in ${names}`);
    for (const from of circle) {
      for (const [to, of] of uses.get(from) ?? []) {
        if (circle.includes(to)) console.error(`  ${short(from)} uses ${[...of].sort().join(", ")} of ${short(to)}`);
      }
    }
  }
}
process.exit(bad ? 1 : 0);
