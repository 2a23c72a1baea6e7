// Takes the gallery's pictures of the built-in scenarios from the real page:
//   node scripts/scenario-pictures.mjs [--dist DIR] [NAME …]      all of them, or those named; of a build that is there
// Needs a browser (scripts/browser.mjs finds one). Writes public/scenarios/pictures/NAME-light.webp and NAME-dark.webp.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright";
import { build, preview } from "vite";
import { findBrowser } from "./browser.mjs";
import { root } from "./install.mjs";

/** What is photographed, and how large the pictures are. */
const VIEW = { width: 1200, height: 750 };
const PICTURE = { width: 480, height: 300 };
const MAX_BYTES = 40_000;
/** Virtual time in which pods get ready, at eight times the speed. */
const MOST_MS = 60_000;

const scenarios = join(root, "public", "scenarios");
const pictures = join(scenarios, "pictures");
const all = readdirSync(scenarios)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => file.replace(/\.yaml$/, ""));
const { values, positionals: asked } = parseArgs({
  options: { dist: { type: "string" } },
  allowPositionals: true,
});
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) throw new Error(`there is no scenario ${unknown.join(", ")}`);

const outDir = values.dist ?? join(tmpdir(), `kubehop-pictures-${process.pid}`);
if (!values.dist) await build({ root, logLevel: "warn", build: { outDir, emptyOutDir: true } });
const server = await preview({
  root,
  build: { outDir },
  preview: { port: 4391, host: "127.0.0.1" },
});
const address = server.resolvedUrls?.local[0] ?? "";
const executablePath = await findBrowser();
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  mkdirSync(pictures, { recursive: true });
  for (const name of asked.length > 0 ? asked : all)
    for (const theme of ["light", "dark"]) await take(name, theme);
} finally {
  await browser.close();
  await server.close();
}

/** @param {string} name @param {string} theme */
async function take(name, theme) {
  const page = await browser.newPage({ viewport: VIEW, deviceScaleFactor: 1 });
  await page.goto(`${address}?scenario=${name}&theme=${theme}&hide=all`);
  await page.getByRole("application", { name: "The network" }).waitFor();
  await page.getByRole("combobox", { name: "Speed" }).selectOption("8");
  await settled(page);
  // The way of the first request that it suggests.
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.getByRole("list", { name: "Hops" }).getByRole("listitem").first().waitFor({
    state: "attached",
  });
  await page.keyboard.press("End");
  await page.addStyleTag({
    content:
      ".topbar, .send-bar, .notices, .react-flow__panel, .react-flow__minimap { display: none !important }",
  });
  await page.keyboard.press("0");
  // The camera takes its time.
  await page.waitForTimeout(1_200);
  const shot = await page.locator(".stage-canvas").screenshot();
  const webp = await shrink(page, shot);
  if (webp.length > MAX_BYTES) throw new Error(`${name}-${theme}: ${webp.length} bytes`);
  writeFileSync(join(pictures, `${name}-${theme}.webp`), webp);
  console.log(`${name}-${theme}.webp  ${(webp.length / 1000).toFixed(1)} kB`);
  await page.close();
}

/** Waits until no pod changes any more: some scenarios have pods that are never ready.
 *  @param {import("playwright").Page} page */
async function settled(page) {
  const states = () =>
    page
      .getByRole("application", { name: "The network" })
      .getByRole("group", { name: /^Pod / })
      .evaluateAll((groups) => groups.map((one) => one.getAttribute("aria-label")).join("\n"));
  const endAt = Date.now() + MOST_MS;
  let before = "";
  for (let quiet = 0; quiet < 4 && Date.now() < endAt; ) {
    await page.waitForTimeout(500);
    const now = await states();
    quiet = now === before ? quiet + 1 : 0;
    before = now;
  }
}

/** @param {import("playwright").Page} page @param {Buffer} png */
async function shrink(page, png) {
  const url = await page.evaluate(
    async ({ png, width, height }) => {
      const image = new Image();
      image.src = `data:image/png;base64,${png}`;
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = width;
      canvas.height = height;
      const context = canvas.getContext("2d");
      if (!context) throw new Error("no canvas");
      context.imageSmoothingQuality = "high";
      // As much as fits, from the middle: nothing is stretched.
      const scale = Math.max(width / image.width, height / image.height);
      const [cutWidth, cutHeight] = [width / scale, height / scale];
      context.drawImage(
        image,
        (image.width - cutWidth) / 2,
        (image.height - cutHeight) / 2,
        cutWidth,
        cutHeight,
        0,
        0,
        width,
        height,
      );
      return canvas.toDataURL("image/webp", 0.82);
    },
    { png: png.toString("base64"), ...PICTURE },
  );
  return Buffer.from(url.split(",")[1] ?? "", "base64");
}
