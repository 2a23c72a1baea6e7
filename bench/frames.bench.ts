import type { Page } from "playwright";
import type { BenchRow } from "./bench";
import { frameCosts, quantile } from "./frames";
import { type Opened, withPage } from "./page";

const NODES = 10;
const SERVICES = 12;
const PODS_PER_SERVICE = 25;
const STEPS = 24;

/** What a frame costs the page's main thread with 10 nodes and 300 pods. */
export default function frames(): Promise<BenchRow[]> {
  return withPage(scenario(), async (opened) => {
    const { page } = opened;
    await page.locator(".react-flow__node").first().waitFor();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.keyboard.press("Home");
    await page.waitForTimeout(6_000);
    const rows: BenchRow[] = [];
    for (const [zoom, turns] of ZOOMS) {
      await page.getByRole("button", { name: "Show everything" }).click();
      await page.mouse.move(700, 110);
      for (let turn = 0; turn < turns; turn++) await page.mouse.wheel(0, -120);
      rows.push(...(await measured(opened, `panning, ${zoom}`, () => pan(page))));
    }
    await page.getByRole("button", { name: "Show everything" }).click();
    rows.push(...(await measured(opened, "dragging a node", () => dragNode(page))));
    await page.keyboard.press("ControlOrMeta+z");
    rows.push(...(await measured(opened, "stepping", () => stepThrough(page))));
    await page.keyboard.press("Home");
    rows.push(...(await measured(opened, "playing a journey", () => play(page, 8_000))));
    await page.keyboard.press("End");
    rows.push(...(await measured(opened, "time passing", () => play(page, 4_000))));
    return rows;
  });
}

/** How far to turn the wheel from the whole cluster in view. */
const ZOOMS = [
  ["whole cluster", 0],
  ["nearer", 3],
  ["near", 9],
] as const;

async function measured(
  opened: Opened,
  name: string,
  work: () => Promise<void>,
): Promise<readonly BenchRow[]> {
  const costs = await frameCosts(opened, work);
  const row = (what: string, value: number) => ({
    name: `${name}: ${what} of ${costs.length} frames`,
    value,
    unit: "ms CPU",
  });
  return [
    row("median", quantile(costs, 0.5)),
    row("95th of 100", quantile(costs, 0.95)),
    row("most", quantile(costs, 1)),
  ];
}

async function pan(page: Page): Promise<void> {
  const { x, y } = await page.evaluate(freePlace);
  await drag(page, x, y);
}

/** Somewhere on the canvas where nothing is. */
function freePlace(): { x: number; y: number } {
  for (let y = 100; y < 620; y += 5) {
    for (let x = 500; x < 900; x += 5) {
      if (document.elementFromPoint(x, y)?.matches(".react-flow__pane")) return { x, y };
    }
  }
  throw new Error("the canvas is full");
}

async function dragNode(page: Page): Promise<void> {
  const title = await page.locator('[data-id="Node/node-1"] .cv-room-name').boundingBox();
  if (!title) throw new Error("no node on the canvas");
  await drag(page, title.x + 5, title.y + 5);
}

async function drag(page: Page, x: number, y: number): Promise<void> {
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 0; i < 60; i++) {
    await page.mouse.move(x + 70 * Math.sin(i / 6), y + 40 * Math.sin(i / 8));
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
}

async function stepThrough(page: Page): Promise<void> {
  await page.keyboard.press("Home");
  for (let step = 0; step < STEPS; step++) {
    await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(250);
  }
  // Nothing was measured if nothing was stepped.
  await page.getByText(`hop ${STEPS + 1} /`).waitFor();
}

async function play(page: Page, ms: number): Promise<void> {
  await page.keyboard.press("Space");
  await page.waitForTimeout(ms);
  await page.keyboard.press("Space");
}

function scenario(): string {
  const documents = [
    {
      apiVersion: "kubehop.dev/v1alpha1",
      kind: "Scenario",
      metadata: { name: "large" },
      spec: { title: "Large" },
    },
    {
      apiVersion: "kubehop.dev/v1alpha1",
      kind: "Host",
      metadata: { name: "user" },
      spec: { zone: "internet", ip: "203.0.113.10" },
    },
    ...Array.from({ length: NODES }, (_, i) => ({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: `node-${i + 1}` },
      spec: { podCIDR: `10.244.${i + 1}.0/24` },
      status: { addresses: [{ type: "InternalIP", address: `10.0.1.${11 + i}` }] },
    })),
    ...Array.from({ length: SERVICES }, (_, i) => application(`app-${i + 1}`, i === 0)).flat(),
  ];
  return documents.map((one) => JSON.stringify(one)).join("\n---\n");
}

function application(name: string, isPublic: boolean) {
  const labels = { app: name };
  const container = { name: "main", image: "example/web", ports: [{ containerPort: 8080 }] };
  const template = { metadata: { labels }, spec: { containers: [container] } };
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name },
      spec: { replicas: PODS_PER_SERVICE, selector: { matchLabels: labels }, template },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name },
      spec: {
        type: isPublic ? "LoadBalancer" : "ClusterIP",
        selector: labels,
        ports: [{ port: 80, targetPort: 8080 }],
      },
    },
  ];
}
