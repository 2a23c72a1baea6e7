import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { box, hopLines, letTimePass, objectRow, openCluster, paste, readyPods, send } from "./app";
import { expect, test } from "./fixtures";

const bookshop = await readFile(new URL("fixtures/bookshop.yaml", import.meta.url), "utf8");

test("a pasted application opens as a new cluster and answers the user", async ({ page }) => {
  await openCluster(page);
  const dialog = await openImport(page, bookshop);
  await dialog.getByRole("button", { name: "Open as a new cluster" }).click();
  await expect(dialog.getByRole("status")).toContainText("Ignored");
  await expect(dialog.getByRole("status")).toContainText("ServiceAccount");
  await dialog.getByRole("button", { name: "Show the cluster" }).click();

  await expect(readyPods(page, "frontend")).toHaveCount(2);
  await expect(readyPods(page, "cart")).toHaveCount(1);
  await expect(readyPods(page, "catalogue")).toHaveCount(1);
  await expect(readyPods(page, "kuard")).toHaveCount(0);
  await expect(box(page, "elb/default/storefront")).toContainText("node-1 healthy");
  await expect(page.getByRole("combobox", { name: "To" })).toHaveValue("lb/default/storefront:80");

  const lines = await send(page);
  expect(lines.join("\n")).toMatch(/elb\/storefront accept/);
  expect(lines.join("\n")).toMatch(/frontend-\S+ delivered .*:8080 tcp S/);
  expect(lines.at(-1)).toMatch(/^user delivered/);
});

test("a dropped file is applied to the running cluster", async ({ page }) => {
  await openCluster(page);
  await dropFile(page, "bookshop.yaml", bookshop);
  const dialog = page.getByRole("dialog", { name: "Import YAML" });
  await expect(dialog.getByRole("textbox")).toContainText("kind: ServiceAccount");
  await dialog.getByRole("button", { name: "Apply to this cluster" }).click();
  const report = dialog.getByRole("status");
  await expect(report).toContainText("deployment.apps/frontend created");
  await expect(report).toContainText("service/storefront created");
  await expect(report).toContainText("ServiceAccount");
  await dialog.getByRole("button", { name: "Show the cluster" }).click();

  await letTimePass(page);
  await expect(readyPods(page, "frontend")).toHaveCount(2);
  await expect(readyPods(page, "kuard")).toHaveCount(3);
  await expect(box(page, "elb/default/storefront")).toContainText("node-1 healthy");
  await page.getByRole("combobox", { name: "To" }).fill("lb/default/storefront:80");
  expect((await send(page)).join("\n")).toMatch(/frontend-\S+ delivered/);
});

test("a file can be chosen, too", async ({ page }) => {
  await openCluster(page);
  const dialog = await openImport(page);
  await dialog.locator("input[type=file]").setInputFiles({
    name: "bookshop.yaml",
    mimeType: "application/yaml",
    buffer: Buffer.from(bookshop),
  });
  await expect(dialog.getByRole("textbox")).toContainText("kind: ServiceAccount");
});

test("what cannot be read or is refused names its place and leaves the cluster alone", async ({
  page,
}) => {
  await openCluster(page);
  const hops = await send(page);
  const pods = await podNames(page);
  const dialog = await openImport(page);
  const alert = dialog.getByRole("alert");

  for (const [yaml, complaints] of [
    [BROKEN, [/line 7, column 3: Flow sequence/]],
    [REFUSED, [/line 4\b/, "9web", /line 9\b/, "must be between 1 and 65535, inclusive"]],
  ] as const) {
    await paste(page, dialog.getByRole("textbox"), yaml);
    for (const button of ["Apply to this cluster", "Open as a new cluster"]) {
      await dialog.getByRole("button", { name: button }).click();
      await expect(alert).toContainText("the cluster is as it was");
      for (const complaint of complaints) await expect(alert).toContainText(complaint);
    }
  }

  await alert.getByRole("button").first().click();
  await expect(dialog.getByRole("textbox")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  expect(await hopLines(page)).toEqual(hops);
  expect(await podNames(page)).toEqual(pods);
  await expect(readyPods(page, "kuard")).toHaveCount(3);
  await expect(objectRow(page, "Service", "9web")).toHaveCount(0);
});

test("a file that is too big is refused in words", async ({ page }) => {
  await openCluster(page);
  await dropFile(page, "huge.yaml", "# filler\n".repeat(340_000));
  const dialog = page.getByRole("dialog", { name: "Import YAML" });
  await expect(dialog.getByRole("alert")).toContainText("huge.yaml: 3.1 MB is too much");
  await page.keyboard.press("Escape");
  await expect(readyPods(page, "kuard")).toHaveCount(3);
});

test("a file can be dropped on dialogs and editors, too; what is no text says so", async ({
  page,
}) => {
  await openCluster(page);
  const dialog = page.getByRole("dialog", { name: "Import YAML" });
  const drop = (
    on: string,
    files: readonly (readonly [name: string, bytes: readonly number[]])[],
  ) =>
    page.evaluate(
      ([on, files]) => {
        const dataTransfer = new DataTransfer();
        for (const [name, bytes] of files)
          dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
        const event = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
        document.querySelector(on)?.dispatchEvent(event);
      },
      [on, files] as const,
    );
  const yaml = (name: string) =>
    [
      name,
      [...Buffer.from(`{apiVersion: v1, kind: Namespace, metadata: {name: ${name.slice(0, 3)}}}`)],
    ] as const;

  await page.getByRole("button", { name: "Share", exact: true }).click();
  await expect(page.locator("dialog[open]")).toBeVisible();
  await drop("dialog[open]", [yaml("one.yaml"), yaml("two.yaml")]);
  await expect(dialog.getByRole("textbox")).toContainText("one");
  await expect(dialog.getByRole("textbox")).toContainText("two");
  await expect(page.locator("dialog[open]")).toHaveCount(1);
  await page.keyboard.press("Escape");

  await objectRow(page, "Service", "kuard").getByRole("rowheader").click();
  await page.getByRole("tab", { name: "YAML", exact: true }).click();
  await expect(page.locator(".cm-content")).toContainText("kind: Service");
  await drop(".cm-content", [yaml("six.yaml")]);
  await expect(dialog.getByRole("textbox")).toContainText("six");
  await page.keyboard.press("Escape");
  await expect(page.locator(".cm-content")).not.toContainText("six");

  for (const [name, bytes, words] of [
    ["picture.png", [137, 80, 78, 71, 13, 10, 26, 10, 0, 0], "picture.png is not a text file"],
    ["latin.yaml", [0xe4, 0xf6, 0xfc], "latin.yaml is not a text file"],
    ["empty.yaml", [], "nothing is in there"],
  ] as const) {
    await drop("body", [[name, bytes]]);
    await expect(dialog.getByRole("alert")).toContainText(words);
    await page.keyboard.press("Escape");
  }
  const moment = ["a.kubehop.json", [...Buffer.from('{"kubehop":1,"run":{}}')]] as const;
  await drop("body", [moment, yaml("one.yaml")]);
  await expect(dialog.getByRole("alert")).toContainText("opened by itself");
});

const BROKEN = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports: [ { port: 80 }
  selector:
    app: web
`;

const REFUSED = `apiVersion: v1
kind: Service
metadata:
  name: 9web
spec:
  selector:
    app: web
  ports:
    - port: 99999
`;

async function openImport(page: Page, text?: string): Promise<Locator> {
  await page.getByRole("button", { name: "Import" }).click();
  const dialog = page.getByRole("dialog", { name: "Import YAML" });
  const editor = dialog.getByRole("textbox");
  await expect(editor).toContainText("Paste Kubernetes YAML here");
  if (text !== undefined) await paste(page, editor, text);
  return dialog;
}

async function dropFile(page: Page, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([name, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], name, { type: "application/yaml" }));
      return transfer;
    },
    [name, text] as const,
  );
  await page.dispatchEvent("main", "dragover", { dataTransfer });
  await expect(page.getByText("Drop YAML or a saved moment")).toBeVisible();
  await page.dispatchEvent("main", "drop", { dataTransfer });
}

async function podNames(page: Page): Promise<string[]> {
  const pods = page.getByRole("table", { name: "Pod", exact: true });
  return (await pods.getByRole("rowheader").allTextContents()).sort();
}
