// Part of `npm run lint`: the folders are the architecture. A room imports only from itself and from
// rooms above it in this list; paths are resolved, so no spelling of a path gets around it.
// Tests (*.test.ts, testing/) may import anything, and nothing else may import them.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";

export const rooms = [
  "src/core/net",
  "src/core/sim",
  "src/core/trace",
  "src/core/dataplane",
  "src/core/fabric",
  "src/core/api",
  "src/core/controllers",
  "src/core/kubelet",
  "src/core/kubeproxy",
  "src/core/dns",
  "src/core/programs",
  "src/core/gateway",
  "src/core/cluster",
  "src/scenario",
  "src/shell",
  "src/share",
  "src/worker",
  "src/stores",
  "src/ui",
  "src/app",
  "src/cli",
];

/** The screen takes core as types only: the simulation stays in the worker and out of the first load. */
const takesCoreAsTypes = ["src/stores", "src/ui", "src/worker/client"];
const textForms = ["src/core/net", "src/core/trace"];

/** A terminal has no screen. */
const screenRooms = ["src/stores", "src/ui", "src/app"];

/** npm packages the core may use: pure, deterministic ones. */
const corePackages = ["@noble/hashes", "ip-num", "pure-rand"];

/** What is wrong with the imports of one file; empty when nothing is.
 *  @param {string} file path from the project root, with slashes
 *  @param {string} source
 *  @returns {{ line: number; message: string }[]} */
export function checkImports(file, source) {
  if (isTest(file)) return [];
  const from = roomOf(file);
  if (from === undefined) {
    return file.endsWith(".d.ts")
      ? []
      : [{ line: 1, message: "is in no room (scripts/rooms.mjs)" }];
  }
  return importsOf(file, source).flatMap((one) => {
    const message = one.specifier.startsWith(".")
      ? checkLocal(file, from, one)
      : checkPackage(from, one.specifier);
    return message ? [{ line: lineAt(source, one.start), message }] : [];
  });
}

/** @param {string} file @param {string} from @param {Import} one */
function checkLocal(file, from, { specifier, typeOnly }) {
  const target = posix.join(posix.dirname(file), specifier);
  if (!target.startsWith("src/")) return `${target} is outside src/`;
  if (isTest(target)) return `${target} is for tests`;
  const to = roomOf(target);
  if (to === undefined) return `${target} is in no room (scripts/rooms.mjs)`;
  if (rooms.indexOf(to) > rooms.indexOf(from))
    return `${from} comes before ${to}, so may not import it`;
  if (from === "src/cli" && screenRooms.includes(to)) return `src/cli has no screen, so no ${to}`;
  const typesOnly =
    to.startsWith("src/core/") &&
    !textForms.includes(to) &&
    takesCoreAsTypes.some((path) => isWithin(file, path));
  if (typesOnly && !typeOnly) return `takes ${to} as types only: \`import type\``;
}

/** @param {string} from @param {string} specifier */
function checkPackage(from, specifier) {
  if (specifier.startsWith("node:")) {
    return from === "src/cli" ? undefined : `${specifier}: only src/cli has Node`;
  }
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  if (from.startsWith("src/core/") && !corePackages.includes(name)) {
    return `the core uses no package but ${corePackages.join(", ")}`;
  }
}

/** @typedef {{ specifier: string; typeOnly: boolean; start: number }} Import */

/** Every import, in whatever form. `import { type A }` counts as a value: verbatimModuleSyntax keeps
 *  the import itself.
 *  @param {string} file @param {string} source @returns {Import[]} */
function importsOf(file, source) {
  const { program, errors } = parseSync(file, source);
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  /** @type {Import[]} */
  const found = [];
  /** @param {any} node */
  const visit = (node) => {
    if (node === null || typeof node !== "object") return;
    if (Array.isArray(node)) return node.forEach(visit);
    const specifier = (node.source ?? node.expression)?.value;
    if (typeof specifier === "string" && importNodes.has(node.type)) {
      const kind = node.importKind ?? node.exportKind;
      const typeOnly = kind === "type" || node.type === "TSImportType";
      found.push({ specifier, typeOnly, start: node.start });
    }
    for (const child of Object.values(node)) visit(child);
  };
  visit(program.body);
  return found;
}

const importNodes = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
  "TSExternalModuleReference",
]);

/** @param {string} path */
function roomOf(path) {
  return rooms.find((room) => isWithin(path, room));
}

/** @param {string} path @param {string} place a folder, or a module without its extension */
function isWithin(path, place) {
  return path === place || path.startsWith(`${place}/`) || path.startsWith(`${place}.`);
}

/** @param {string} path */
function isTest(path) {
  return /\.test(\.tsx?)?$/.test(path) || path.includes("/testing/");
}

/** @param {string} source @param {number} offset */
function lineAt(source, offset) {
  return source.slice(0, offset).split("\n").length;
}

function main() {
  const root = join(dirname(fileURLToPath(import.meta.url)), "..");
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .map((path) => posix.join("src", path.replaceAll("\\", "/")))
    .filter((path) => /\.tsx?$/.test(path))
    .sort();
  const problems = files.flatMap((file) =>
    checkImports(file, readFileSync(join(root, file), "utf8")).map(
      ({ line, message }) => `${file}:${line} ${message}`,
    ),
  );
  for (const problem of problems) console.error(problem);
  console.log(`Import order: ${files.length} files, ${problems.length} problems.`);
  if (problems.length > 0 || files.length === 0) process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
