import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkImports, rooms } from "./rooms.mjs";

const messages = (file: string, source: string) =>
  checkImports(file, source).map(({ message }) => message);

describe("import order", () => {
  test.each([
    ["src/core/dataplane/bridge.ts", 'import { parse } from "../net/ip";'],
    ["src/core/dataplane/netfilter/nat.ts", 'import { route } from "../routes";'],
    ["src/core/net/ip.ts", 'import { IPv4 } from "ip-num";'],
    ["src/worker/host.ts", 'import { boot } from "../core/cluster/cluster";'],
    ["src/worker/client.ts", 'import type { World } from "../core/cluster/cluster";'],
    ["src/ui/canvas/Hop.tsx", 'import type { Pod } from "../../core/api/types";'],
    ["src/ui/canvas/Hop.tsx", 'import { formatHop } from "../../core/trace/text";'],
    ["src/ui/share/Dialog.tsx", 'import { encode } from "../../share/url";'],
    ["src/cli/main.ts", 'import { readFileSync } from "node:fs"; import "../scenario/load";'],
    ["src/core/net/ip.test.ts", 'import "../cluster/cluster"; import "node:fs";'],
    ["src/core/testing/packetFlow.ts", 'import { boot } from "../cluster/cluster";'],
  ])("%s may: %s", (file, source) => {
    expect(messages(file, source)).toEqual([]);
  });

  test.each([
    ["src/core/dataplane/bridge.ts", 'import { a } from "../kubeproxy/rules";'],
    ["src/core/dataplane/bridge.ts", 'import type { Service } from "../api/types";'],
    ["src/core/dataplane/bridge.ts", 'type A = import("../api/types").Service;'],
    ["src/core/dataplane/netfilter/nat.ts", 'export * from "../../api/types";'],
    ["src/core/net/ip.ts", 'export { a } from "./../../core/sim/clock";'],
    ["src/core/net/ip.ts", 'const a = () => import("../sim/clock");'],
    ["src/core/cluster/cluster.ts", 'import "../../shell/kubectl/get";'],
    ["src/core/cluster/cluster.ts", 'import { useState } from "react";'],
    ["src/core/cluster/cluster.ts", 'import "node:fs";'],
    ["src/core/cluster/cluster.ts", 'import "../testing/packetFlow";'],
    ["src/core/cluster/cluster.ts", 'import "../../../scripts/rooms.mjs";'],
    ["src/scenario/load.ts", 'import "../share/url";'],
    ["src/stores/mirror.ts", 'import { boot } from "../core/cluster/cluster";'],
    ["src/ui/canvas/Hop.tsx", 'import { type Pod } from "../../core/api/types";'],
    ["src/worker/client.ts", 'import { boot } from "../core/cluster/cluster";'],
    ["src/worker/client/client.ts", 'import { boot } from "../../core/cluster/cluster";'],
    ["src/cli/main.ts", 'import "../ui/App";'],
    ["src/ui/App.tsx", 'import "../app/main";'],
    ["src/helpers.ts", ""],
  ])("%s may not: %s", (file, source) => {
    expect(messages(file, source)).toHaveLength(1);
  });

  test("says where", () => {
    const source = '\nimport { a } from "../sim/clock";\n';
    expect(checkImports("src/core/net/ip.ts", source)).toEqual([
      { line: 2, message: "src/core/net comes before src/core/sim, so may not import it" },
    ]);
  });

  test("knows every folder of the core, each once", () => {
    const folders = readdirSync("src/core", { withFileTypes: true }).filter(
      (one) => one.isDirectory() && one.name !== "testing",
    );
    const listed = rooms.filter((room: string) => room.startsWith("src/core/"));
    expect([...listed].sort()).toEqual(folders.map(({ name }) => `src/core/${name}`).sort());
    expect(new Set(rooms).size).toBe(rooms.length);
  });
});
