import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright";
import { build, preview } from "vite";
import { findBrowser } from "../scripts/browser.mjs";

const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];

export interface Opened {
  readonly browser: Browser;
  readonly page: Page;
}

/** The production build in a browser, with this scenario instead of the built-in one. */
export async function withPage<T>(
  scenario: string,
  use: (opened: Opened) => Promise<T>,
): Promise<T> {
  const outDir = mkdtempSync(join(tmpdir(), "kubehop-bench-"));
  await build({ logLevel: "error", build: { outDir, emptyOutDir: true } });
  const server = await preview({ logLevel: "error", build: { outDir }, preview: { port: 0 } });
  const executablePath = await findBrowser();
  const browser = await chromium.launch({ args: ARGS, ...(executablePath && { executablePath }) });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.route("**/scenarios/default.yaml", (route) => route.fulfill({ body: scenario }));
    await page.goto(server.resolvedUrls?.local[0] ?? "");
    return await use({ browser, page });
  } finally {
    await browser.close();
    await server.close();
    rmSync(outDir, { recursive: true });
  }
}
