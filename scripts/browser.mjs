// Finds the browser for the end-to-end tests, and installs one when there is none.
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./install.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const fixedPlaces = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Path of a Chromium: $KUBEHOP_CHROMIUM, else Playwright's own, else the system's. Needs the
 *  packages to be installed. */
export async function findBrowser() {
  const { chromium } = await import("playwright");
  const inPath = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  const candidates = [
    process.env.KUBEHOP_CHROMIUM,
    chromium.executablePath(),
    ...inPath,
    ...fixedPlaces,
  ];
  return candidates.find((path) => path && isExecutable(path));
}

/** The browser's path, installing one if need be; undefined when that failed. */
export async function ensureBrowser() {
  const found = await findBrowser();
  if (found) return found;
  if (isDebian() && process.getuid?.() === 0) {
    console.log("Installing chromium from Debian's packages …");
    process.env.DEBIAN_FRONTEND ??= "noninteractive";
    run("apt-get", ["update", "-q"]);
    run("apt-get", ["install", "-q", "-y", "--no-install-recommends", "chromium"]);
  } else {
    console.log("Installing Playwright's chromium …");
    run("npx", ["playwright", "install", "chromium"]);
  }
  return findBrowser();
}

function isDebian() {
  return (
    existsSync("/etc/os-release") && /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"))
  );
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
