import { beforeEach, describe, expect, test } from "vitest";
import type { SavedRun } from "../worker/protocol";
import { useNotices } from "./notices";
import { useWorkspaces, type Workspace } from "./workspaces";
import { createKeeper } from "./workspaces-keeper";
import { createTabLock, type Locks } from "./workspaces-lock";
import { createStorage, type KeyValues, StorageError } from "./workspaces-storage";

const SEND = { type: "send", from: "host/user", to: "lb/default/kuard:80" } as const;

function run(commands: number): SavedRun {
  const log = Array.from({ length: commands }, (_, i) => ({ atUs: i, command: SEND }));
  return { scenario: "kind: Scenario", log, atUs: commands };
}

function tab(keyValues: KeyValues, prefix: string) {
  const state = { run: run(0), busy: false, isOther: false, bookmark: "" as string | null };
  const simulation = { save: async () => state.run };
  let ids = 0;
  const keeper = createKeeper({
    storage: createStorage(keyValues),
    lock: createTabLock(undefined),
    bookmark: {
      set: (id) => {
        state.bookmark = id;
      },
    },
    simulation: () => (state.busy ? null : simulation),
    title: () => "Shop",
    isWorthKeeping: ({ log }) => log.length > 0 || state.isOther,
    isUntouched: async ({ log }) => log.length === 0,
    nowMs: () => 1_000,
    newId: () => `${prefix}${++ids}`,
  });
  return { state, keeper };
}

function inMemory() {
  const map = new Map<string, unknown>();
  const keyValues: KeyValues = {
    get: async (key) => map.get(key),
    update: async (key, change) => void map.set(key, change(map.get(key))),
    del: async (key) => void map.delete(key),
    entries: async () => [...map],
  };
  const stored = (id: string) => map.get(id) as Workspace | undefined;
  return { map, keyValues, stored };
}

beforeEach(() => {
  useWorkspaces.setState({ current: null, problem: null });
  useNotices.setState({ notices: [] });
});

describe("the keeper", () => {
  test("makes a workspace when there is something to keep, and goes on saving there", async () => {
    const { map, keyValues, stored } = inMemory();
    const { state, keeper } = tab(keyValues, "a");
    await keeper.save();
    expect(map.size).toBe(0);
    state.run = run(1);
    await keeper.save();
    expect(stored("a1")).toMatchObject({ name: "Shop", revision: 1, run: { atUs: 1 } });
    expect(state.bookmark).toBe("a1");
    state.run = run(2);
    await keeper.save();
    expect(stored("a1")).toMatchObject({ revision: 2, run: { atUs: 2 } });
    expect(map.size).toBe(1);
  });

  test("goes on in a copy when another tab has saved meanwhile", async () => {
    const { keyValues, stored } = inMemory();
    const first = tab(keyValues, "a");
    first.state.run = run(1);
    await first.keeper.save();
    const second = tab(keyValues, "b");
    second.keeper.adopt(stored("a1") as Workspace);
    second.state.run = run(3);
    await second.keeper.save();
    first.state.run = run(2);
    await first.keeper.save();
    expect(stored("a1")?.run.log).toHaveLength(3);
    expect(stored("a2")).toMatchObject({ name: "Shop 2", run: { atUs: 2 } });
    expect(useNotices.getState().notices.at(-1)?.text).toContain("changed in another tab");
    first.state.run = run(4);
    await first.keeper.save();
    expect(stored("a2")?.run.log).toHaveLength(4);
  });

  test("saves nothing while the simulation is opening something else", async () => {
    const { map, keyValues } = inMemory();
    const { state, keeper } = tab(keyValues, "a");
    state.run = run(1);
    state.busy = true;
    await keeper.save();
    expect(map.size).toBe(0);
  });

  test("takes away what nothing was done in when something else is opened, and only that", async () => {
    const { map, keyValues, stored } = inMemory();
    const { state, keeper } = tab(keyValues, "a");
    state.isOther = true;
    await keeper.save();
    expect(map.size).toBe(1);
    await keeper.leave();
    expect(map.size).toBe(0);
    expect(useWorkspaces.getState().current).toBeNull();
    await keeper.save();
    state.run = run(1);
    await keeper.leave();
    expect(stored("a2")?.run.log).toHaveLength(1);
  });

  test("a page that goes saves what is known", async () => {
    const { keyValues, stored } = inMemory();
    const { state, keeper } = tab(keyValues, "a");
    state.run = run(1);
    await keeper.save();
    keeper.saveAtOnce();
    await keeper.save();
    expect(stored("a1")?.revision).toBe(3);
  });

  test("says once why nothing is kept, and that it is kept again", async () => {
    const { keyValues } = inMemory();
    let isFull = true;
    const update: KeyValues["update"] = async (key, change) => {
      if (isFull) throw Object.assign(new Error(), { name: "QuotaExceededError" });
      return keyValues.update(key, change);
    };
    const { state, keeper } = tab({ ...keyValues, update }, "a");
    state.run = run(1);
    await keeper.save();
    await keeper.save();
    expect(useWorkspaces.getState().problem).toBe("full");
    expect(useNotices.getState().notices).toHaveLength(1);
    isFull = false;
    await keeper.save();
    expect(useWorkspaces.getState().problem).toBeNull();
  });

  test("is not surprised by a storage that is forbidden", async () => {
    const refuse = () => Promise.reject(new StorageError("failing"));
    const forbidden = { get: refuse, update: refuse, del: refuse, entries: refuse };
    const { state, keeper } = tab(forbidden, "a");
    state.run = run(1);
    await expect(keeper.save()).resolves.toBeUndefined();
    expect(useWorkspaces.getState().problem).toBe("failing");
  });
});

test("a workspace is held by one tab until it lets go", async () => {
  const taken = new Set<string>();
  const locks = {
    request: async (
      name: string,
      _: LockOptions,
      callback: (lock: Lock | null) => Promise<void> | void,
    ) => {
      if (taken.has(name)) return callback(null);
      taken.add(name);
      await callback({ name, mode: "exclusive" });
      taken.delete(name);
    },
  } as unknown as Locks;
  const [first, second] = [createTabLock(locks), createTabLock(locks)];
  expect(await first.hold("a", 0)).toBe(true);
  expect(await first.hold("a", 0)).toBe(true);
  expect(await second.hold("a", 0)).toBe(false);
  first.letGo();
  await Promise.resolve();
  expect(await second.hold("a", 0)).toBe(true);
});
