import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createClient, SimulationLost, type WorkerHandle } from "./client";
import type { MirrorUpdate, SavedRun, Simulation } from "./protocol";
import type { ScenarioSettings } from "./scenario-protocol";

const SETTINGS: ScenarioSettings = {
  ...{ title: "", seed: 1, clusterCIDR: "", serviceCIDR: "", cni: "bridge", multus: false },
  ...{ podRoutes: "nodes", cloud: "aws", addons: [], natGateway: "" },
  ...{ masqueradeAll: false, localhostNodePorts: true },
};

const OPENED = { errors: [], ignored: [], journeys: [] };

/** Workers that answer at once, remember what they were asked, and die or fall silent on demand. */
function fakeWorkers() {
  const workers: FakeWorker[] = [];
  class FakeWorker implements WorkerHandle {
    readonly asked: string[] = [];
    readonly restored: (SavedRun | undefined)[] = [];
    silent = false;
    terminated = false;
    listener?: (update: MirrorUpdate) => void;
    die: (reason: string) => void = () => undefined;
    terminate() {
      this.terminated = true;
    }
    onDeath(listener: (reason: string) => void) {
      this.die = listener;
    }
    answer<T>(name: string, value: T): Promise<T> {
      this.asked.push(name);
      return this.silent ? new Promise<T>(() => undefined) : Promise.resolve(value);
    }
    report(name: string) {
      return this.answer(name, { ok: true, lines: [name], errors: [], ignored: [] });
    }
    readonly simulation: Simulation = {
      open: (_, saved) => {
        this.restored.push(saved);
        return this.answer("open", OPENED);
      },
      subscribe: (listener) => {
        this.listener = listener;
        return this.answer("subscribe", undefined);
      },
      send: () => this.answer("send", { ok: false as const, error: "" }),
      apply: (yaml) => this.report(`apply ${yaml}`),
      delete: (key) => this.report(`delete ${key}`),
      control: (order) => this.report(order.type),
      rehearse: (order) =>
        this.answer(`rehearse ${order.type}`, {
          ...{ ok: true, lines: [], errors: [], ignored: [] },
          objects: [],
        }),
      recordsAt: () => this.answer("recordsAt", []),
      effects: () => this.answer("effects", []),
      followCheck: () => this.answer("followCheck", { ok: false as const, error: "" }),
      checks: () => this.answer("checks", undefined),
      traffic: () => this.answer("traffic", undefined),
      predict: () => this.answer("predict", { ok: false as const, error: "" }),
      way: () => this.answer("way", undefined),
      compare: () => this.answer("compare", { ok: false as const, errors: [] }),
      openTerminal: () => this.answer("openTerminal", { ok: false as const, error: "" }),
      runLine: (_, line) => this.answer(`runLine ${line}`, { kind: "gone" as const }),
      completeLine: () => this.answer("completeLine", { from: 0, candidates: [] }),
      tellTerminal: () => this.answer("tellTerminal", true),
      podsMatching: () => this.answer("podsMatching", []),
      advance: () => this.answer("advance", undefined),
      seek: (atUs) => this.answer(`seek ${atUs}`, undefined),
      journeys: () => this.answer("journeys", []),
      paths: () => this.answer("paths", { ok: true as const, ways: [] }),
      tables: (node) =>
        this.answer("tables", {
          node,
          rules: [],
          dropping: [],
          conntrack: [],
          deletedEntries: [],
          routes: [],
          addresses: [],
        }),
      rulesText: () => this.answer("rulesText", ""),
      readRules: () => this.answer("readRules", { errors: [], tables: [], sets: 0 }),
      ruleChanges: () => this.answer("ruleChanges", []),
      scenarioSettings: () => this.answer("scenarioSettings", SETTINGS),
      rebuiltScenario: () => this.answer("rebuiltScenario", ""),
      nodePodNetwork: () => this.answer("nodePodNetwork", undefined),
      podSandbox: () => this.answer("podSandbox", undefined),
      sandboxOf: () => this.answer("sandboxOf", undefined),
      dnsRecords: () => this.answer("dnsRecords", []),
      clientsSeen: () => this.answer("clientsSeen", []),
      yaml: () => this.answer("yaml", ""),
      exportYaml: () => this.answer("exportYaml", ""),
      save: () => this.answer("save", { scenario: "the scenario", log: [], atUs: 1 }),
    };
  }
  const start = () => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  };
  return { workers, start };
}

const moment = (nowUs: number): MirrorUpdate => ({
  nowUs,
  horizonUs: nowUs,
  added: [],
  updated: [],
  removed: [],
});

describe("a worker that dies", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function setUp() {
    const { workers, start } = fakeWorkers();
    const events = { onRestarting: vi.fn(), onRestarted: vi.fn(), onLost: vi.fn() };
    return { workers, events, client: createClient(start, events) };
  }

  it("is started again from the last state, at the moment that was shown", async () => {
    const { workers, events, client } = setUp();
    const updates: number[] = [];
    await client.subscribe((update) => updates.push(update.nowUs));
    await client.open("a scenario");
    workers[0]?.listener?.(moment(7_000));
    workers[0]?.die("out of memory");
    await client.seek(9_000);
    expect(workers[0]?.terminated).toBe(true);
    expect(workers[1]?.asked).toEqual(["subscribe", "open", "seek 9000"]);
    expect(workers[1]?.restored).toEqual([{ scenario: "the scenario", log: [], atUs: 7_000 }]);
    expect(events.onRestarting).toHaveBeenCalledOnce();
    expect(events.onRestarted).toHaveBeenCalledWith(OPENED);
    workers[0]?.listener?.(moment(1));
    workers[1]?.listener?.(moment(8_000));
    expect(updates).toEqual([7_000, 8_000]);
  });

  it("fails the calls that it did not answer", async () => {
    const { workers, client } = setUp();
    await client.open("a scenario");
    if (workers[0]) workers[0].silent = true;
    const apply = client.apply("kind: Pod");
    const refused = expect(apply).rejects.toBeInstanceOf(SimulationLost);
    await Promise.resolve();
    client.killWorker();
    await refused;
  });

  it("goes on without the run that was too much for it", async () => {
    const { workers, events, client } = setUp();
    if (workers[0]) workers[0].silent = true;
    const opened = expect(
      client.open("a scenario", { scenario: "a scenario", log: [], atUs: 5 }),
    ).rejects.toBeInstanceOf(SimulationLost);
    await Promise.resolve();
    client.killWorker();
    await opened;
    await client.open("the usual one");
    expect(workers[1]?.restored).toEqual([undefined]);
    expect(events.onLost).not.toHaveBeenCalled();
  });

  it("is noticed by its silence, and not by a long answer alone", async () => {
    const { workers, events, client } = setUp();
    await client.open("a scenario");
    const [worker] = workers;
    if (!worker) throw new Error("no worker");
    worker.silent = true;
    client.advance(1).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(14_000);
    expect(workers).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(workers).toHaveLength(2);
    expect(events.onRestarted).toHaveBeenCalledOnce();
  });

  it("is not asked whether it lives while nothing is outstanding", async () => {
    const { workers, client } = setUp();
    await client.open("a scenario");
    const before = workers[0]?.asked.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(workers[0]?.asked.length).toBe(before);
  });

  it("is given up after four deaths within a minute", async () => {
    const { workers, events, client } = setUp();
    await client.open("a scenario");
    for (let death = 0; death < 4; death++) {
      await vi.advanceTimersByTimeAsync(10);
      workers.at(-1)?.die("again");
    }
    expect(events.onLost).toHaveBeenCalledExactlyOnceWith("again");
    await expect(client.journeys()).rejects.toBeInstanceOf(SimulationLost);
  });

  it("cannot be brought back when nothing was opened yet", () => {
    const { workers, events } = setUp();
    workers[0]?.die("it could not be loaded");
    expect(events.onLost).toHaveBeenCalledExactlyOnceWith("it could not be loaded");
  });
});
