// Installs npm packages when something is missing. Imports nothing but Node, because it runs before
// anything is installed.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Runs a command in the project folder, its output on ours; returns its exit code.
 *  @param {string} command @param {string[]} args */
export function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32", // npm and npx are .cmd files there
  });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

/** True when node_modules holds every package of the lockfile, in its version. Contents are compared,
 *  not times: a fresh checkout has meaningless times. */
export function packagesAreInstalled() {
  try {
    const wanted = readLock("package-lock.json");
    const installed = readLock("node_modules/.package-lock.json");
    return Object.entries(wanted).every(
      ([path, entry]) =>
        path === "" ||
        installed[path]?.version === entry.version ||
        // Packages for other platforms are in the lockfile, never on the disk.
        (installed[path] === undefined && entry.optional),
    );
  } catch {
    return false; // no node_modules, or one that npm did not write
  }
}

/** Returns npm's exit code, 0 when nothing was missing. */
export function installPackages() {
  if (packagesAreInstalled()) return 0;
  console.log("Installing packages (npm ci) …");
  return run("npm", ["ci", "--no-audit", "--no-fund"]);
}

/** @param {string} path @returns {Record<string, { version?: string; optional?: boolean }>} */
function readLock(path) {
  return JSON.parse(readFileSync(join(root, path), "utf8")).packages;
}
