// Finds the browser for the end-to-end tests, and installs one when there is none.
import { delimiter, join } from "node:path";
import { canInstall, installDebianPackages, isExecutable } from "./debian.mjs";
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
  if (canInstall()) {
    installDebianPackages(["chromium"]);
  } else {
    console.log("Installing Playwright's chromium …");
    run("npx", ["playwright", "install", "chromium"]);
  }
  return findBrowser();
}
