// Last part of `npm run build`: what a first visit downloads as JavaScript must stay small.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { parseSync } from "vite";

/** kB (1,000 bytes) of gzip: the entry, its preloads and all they import statically. */
const BUDGET_KB = 220;

const dist = join(dirname(fileURLToPath(import.meta.url)), "..", "dist");

/** Scripts and module preloads that index.html names, relative to dist.
 *  @param {string} html */
export function entryScripts(html) {
  return [...html.matchAll(/<(?:script|link)\b[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => tag.startsWith("<script") || /\brel="modulepreload"/.test(tag))
    .map((tag) => /\b(?:src|href)="([^"]+)"/.exec(tag)?.[1])
    .filter((url) => url !== undefined)
    .map((url) => posix.normalize(url));
}

/** The entries and everything they import statically.
 *  @param {string[]} entries @param {(path: string) => string} read */
export function initialScripts(entries, read) {
  const reached = new Set();
  const queue = [...entries];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    const { module } = parseSync(path, read(path));
    const requests = [
      ...module.staticImports.map((one) => one.moduleRequest.value),
      ...module.staticExports.flatMap((one) =>
        one.entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
      ),
    ];
    for (const request of requests) queue.push(posix.join(posix.dirname(path), request));
  }
  return [...reached];
}

function main() {
  const html = join(dist, "index.html");
  if (!existsSync(html)) fail("dist/index.html is missing: run vite build first");
  const read = (/** @type {string} */ path) => readFileSync(join(dist, path), "utf8");
  const sizeKb = (/** @type {string} */ path) => gzipSync(read(path)).length / 1000;

  const initial = initialScripts(entryScripts(readFileSync(html, "utf8")), read);
  const all = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".js"))
    .map((entry) => relative(dist, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
  const rows = all
    .map((path) => ({ path, kind: kindOf(path, initial), kb: sizeKb(path) }))
    .sort((a, b) => a.kind.localeCompare(b.kind) || b.kb - a.kb);

  for (const { path, kind, kb } of rows) console.log(`${kind} ${kbText(kb)}  ${path}`);
  const totalOf = (/** @type {string} */ kind) =>
    rows.filter((row) => row.kind === kind).reduce((sum, row) => sum + row.kb, 0);
  const total = totalOf("initial");
  console.log(`initial ${kbText(total)}  of ${BUDGET_KB} kB gzip allowed`);
  console.log(`worker  ${kbText(totalOf("worker "))}`);

  if (initial.length === 0 || total === 0) fail("index.html loads no JavaScript: nothing measured");
  const missing = initial.filter((path) => !all.includes(path));
  if (missing.length > 0) fail(`not measured: ${missing.join(", ")}`);
  if (total > BUDGET_KB) {
    fail(`initial JavaScript is ${(total - BUDGET_KB).toFixed(1)} kB over budget`);
  }
}

/** vite.config.ts names workers worker-*.js. @param {string} path @param {string[]} initial */
function kindOf(path, initial) {
  if (initial.includes(path)) return "initial";
  return posix.basename(path).startsWith("worker-") ? "worker " : "lazy   ";
}

/** @param {number} kb */
function kbText(kb) {
  return `${kb.toFixed(1).padStart(7)} kB`;
}

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(`Bundle budget: ${message}.`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
