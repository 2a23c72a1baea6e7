import { describe, expect, test } from "vitest";
import { uniqueName, type Workspace } from "./workspaces";
import { readWorkspace } from "./workspaces-record";
import { createStorage, type KeyValues } from "./workspaces-storage";

const WORKSPACE: Workspace = {
  version: 1,
  id: "a",
  name: "Monday",
  revision: 1,
  changedAtMs: 1_000,
  run: {
    scenario: "kind: Scenario",
    log: [{ atUs: 5, command: { type: "send", from: "host/user", to: "lb/default/kuard:80" } }],
    atUs: 9,
  },
  view: {
    ...{ playing: false, speed: 2, follow: "reply" as never, journey: 1, hop: 4 },
    ...{ from: "host/user", to: "lb/default/kuard:80", url: "/cart", selected: null },
    panels: { objects: true, dock: false, inspector: true },
    ...{ inspectorTab: "object", dockTab: "events" },
    positions: [["Host/user", { x: 3, y: 4 }]],
    theme: "projector" as never,
    locked: false,
  },
};

function inMemory(): KeyValues & { readonly map: Map<string, unknown> } {
  const map = new Map<string, unknown>();
  return {
    map,
    get: async (key) => map.get(key),
    update: async (key, change) => void map.set(key, change(map.get(key))),
    del: async (key) => void map.delete(key),
    entries: async () => [...map],
  };
}

function failing(name: string): KeyValues {
  const refuse = async () => {
    throw Object.assign(new Error("no"), { name });
  };
  return { get: refuse, update: refuse, del: refuse, entries: refuse };
}

describe("the storage of workspaces", () => {
  test("what is saved is found and listed, the latest first", async () => {
    const storage = createStorage(inMemory());
    expect(await storage.save(WORKSPACE, 0)).toBe("saved");
    const other = { ...WORKSPACE, id: "b", name: "Tuesday", changedAtMs: 2_000 };
    await storage.save(other, 0);
    const found = await storage.find("a");
    expect(found).toMatchObject({ kind: "workspace", workspace: { name: "Monday", revision: 1 } });
    expect((await storage.list()).map(({ name, actions }) => [name, actions])).toEqual([
      ["Tuesday", 1],
      ["Monday", 1],
    ]);
    await storage.remove("a");
    expect(await storage.find("a")).toEqual({ kind: "none" });
  });

  test("who builds on an overtaken revision writes nothing", async () => {
    const keyValues = inMemory();
    const storage = createStorage(keyValues);
    await storage.save(WORKSPACE, 0);
    await storage.save({ ...WORKSPACE, revision: 2, name: "theirs" }, 1);
    expect(await storage.save({ ...WORKSPACE, revision: 2, name: "ours" }, 1)).toBe("conflict");
    expect(keyValues.map.get("a")).toMatchObject({ name: "theirs" });
    expect(await storage.save({ ...WORKSPACE, id: "gone", revision: 6 }, 5)).toBe("gone");
  });

  test("what another version stored is listed and never written over", async () => {
    const keyValues = inMemory();
    keyValues.map.set("a", { version: 9 });
    const storage = createStorage(keyValues);
    expect(await storage.find("a")).toEqual({ kind: "unreadable" });
    expect(await storage.list()).toMatchObject([{ id: "a", unreadable: true }]);
    expect(await storage.save(WORKSPACE, 0)).toBe("conflict");
    expect(keyValues.map.get("a")).toEqual({ version: 9 });
  });

  test.each([
    ["SecurityError", "forbidden"],
    ["InvalidStateError", "forbidden"],
    ["ReferenceError", "forbidden"],
    ["QuotaExceededError", "full"],
    ["UnknownError", "failing"],
  ])("%s is told as: %s", async (name, problem) => {
    await expect(createStorage(failing(name)).find("a")).rejects.toMatchObject({ problem });
  });

  test("a storage that never answers is not waited for", async () => {
    const silent = { ...inMemory(), get: () => new Promise<unknown>(() => {}) };
    await expect(createStorage(silent, 5).find("a")).rejects.toMatchObject({ problem: "failing" });
  });
});

describe("a stored workspace", () => {
  test("is read whole; a view that is not understood becomes the usual one", () => {
    const { view, run, name } = readWorkspace(structuredClone(WORKSPACE)) ?? {};
    expect(name).toBe("Monday");
    expect(run).toEqual(WORKSPACE.run);
    expect(view).toMatchObject({ playing: false, speed: 2, follow: "first", hop: 4 });
    expect(view?.positions).toEqual([["Host/user", { x: 3, y: 4 }]]);
    const bare = readWorkspace({ ...WORKSPACE, view: { panels: 3, positions: [[1, 2], "x"] } });
    expect(bare?.view).toMatchObject({
      hop: -1,
      journey: null,
      positions: [],
      dockTab: "timeline",
    });
  });

  test.each([
    ["nothing", undefined],
    ["a text", "workspace"],
    ["another version", { ...WORKSPACE, version: 2 }],
    ["no run", { ...WORKSPACE, run: undefined }],
    ["a log of something else", { ...WORKSPACE, run: { ...WORKSPACE.run, log: [{ atUs: "1" }] } }],
    ["a time before the start", { ...WORKSPACE, run: { ...WORKSPACE.run, atUs: -1 } }],
  ])("%s is none", (_, value) => {
    expect(readWorkspace(value)).toBeUndefined();
  });
});

test("names are unique", () => {
  expect(uniqueName("Shop", [])).toBe("Shop");
  expect(uniqueName("Shop", ["Shop"])).toBe("Shop 2");
  expect(uniqueName("Shop 2", ["Shop", "Shop 2"])).toBe("Shop 3");
  expect(uniqueName("  ", [])).toBe("Untitled cluster");
});
