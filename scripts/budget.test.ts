import { expect, test } from "vitest";
import { entryScripts, initialScripts } from "./budget.mjs";

test("counts entry scripts and module preloads, not styles", () => {
  const html = `
    <link rel="icon" href="./favicon.svg" />
    <script type="module" crossorigin src="./assets/index-1.js"></script>
    <link rel="modulepreload" crossorigin href="./assets/react-2.js">
    <link rel="stylesheet" crossorigin href="./assets/index-3.css">`;
  expect(entryScripts(html)).toEqual(["assets/index-1.js", "assets/react-2.js"]);
});

test("follows static imports and re-exports, not dynamic imports or workers", () => {
  const files: Record<string, string> = {
    "assets/index.js": `
      import { a } from "./a.js";
      import("./lazy.js");
      new Worker(new URL("worker-host.js", import.meta.url));`,
    "assets/a.js": `export * from "./b.js"; import "./index.js";`,
    "assets/b.js": "export const b = 1;",
  };
  const initial = initialScripts(["assets/index.js"], (path) => files[path] ?? "");
  expect(initial.sort()).toEqual(["assets/a.js", "assets/b.js", "assets/index.js"]);
});
