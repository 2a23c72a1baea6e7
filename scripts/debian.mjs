// Installs programs that are missing, from Debian's packages. Imports nothing but Node.
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { run } from "./install.mjs";

/** Not in every user's PATH, but where Debian keeps iptables and conntrack. */
const SYSTEM_FOLDERS = ["/usr/sbin", "/sbin"];

/** Whether packages can be installed here: Debian, and root. */
export function canInstall() {
  return (
    process.getuid?.() === 0 &&
    existsSync("/etc/os-release") &&
    /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"))
  );
}

/** Installs the packages whose program is missing; returns the programs that still are. Where nothing can be
 *  installed, nothing is tried.
 *  @param {Readonly<Record<string, string>>} packages of each program, by the program's name
 *  @returns {string[]} */
export function ensurePrograms(packages) {
  const missing = Object.keys(packages).filter((program) => !findProgram(program));
  if (missing.length > 0 && canInstall()) {
    installDebianPackages(missing.map((program) => packages[program] ?? program));
  }
  return missing.filter((program) => !findProgram(program));
}

/** @param {readonly string[]} names @returns {boolean} whether apt-get says that they are there */
export function installDebianPackages(names) {
  const wanted = [...new Set(names)];
  console.log(`Installing ${wanted.join(", ")} from Debian's packages …`);
  process.env.DEBIAN_FRONTEND ??= "noninteractive";
  run("apt-get", ["update", "-q"]);
  return run("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...wanted]) === 0;
}

/** The path of a program in PATH or where the system's own are; one that is named by its path is looked for there.
 *  @param {string} name */
export function findProgram(name) {
  if (isAbsolute(name)) return isExecutable(name) ? name : undefined;
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...SYSTEM_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
