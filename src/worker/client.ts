import { proxy, wrap } from "comlink";
import type { MirrorUpdate, Opened, SavedRun, Simulation } from "./protocol";

/** A call that takes this long makes us ask whether the worker still lives. */
const SUSPICIOUS_MS = 5_000;
/** A worker that does not answer the question for this long is taken for dead. */
const SILENT_MS = 10_000;
/** More deaths than this within the window, and we stop restarting. */
const MAX_DEATHS = 3;
const DEATHS_WINDOW_MS = 60_000;

/** What the page needs of a Worker. */
export interface WorkerHandle {
  readonly simulation: Simulation;
  terminate(): void;
  onDeath(listener: (reason: string) => void): void;
}

export interface ClientEvents {
  /** A new worker is about to fill the mirror anew. */
  onRestarting(): void;
  onRestarted(opened: Opened): void;
  /** The worker cannot be brought back. */
  onLost(reason: string): void;
}

/** A call whose worker died before it answered. */
export class SimulationLost extends Error {
  constructor(reason: string) {
    super(`The simulation stopped before it answered: ${reason}`);
    this.name = "SimulationLost";
  }
}

export interface SimulationClient extends Simulation {
  /** As if the worker had crashed: for tests. */
  killWorker(): void;
}

interface Call {
  readonly startedAtMs: number;
  readonly reject: (error: Error) => void;
}

/** The simulation behind a worker that is started again from its last state when it dies. */
export function createClient(start: () => WorkerHandle, events: ClientEvents): SimulationClient {
  let worker = adopt(start());
  let listener: ((update: MirrorUpdate) => void) | undefined;
  let saved: SavedRun | undefined;
  let nowUs = 0;
  let deathsAtMs: number[] = [];
  let restarting: Promise<void> | undefined;
  let watchdog: ReturnType<typeof setInterval> | undefined;
  let askedAtMs: number | undefined;
  /** A saved run, perhaps a stranger's, is being opened: it may be too much for the worker. */
  let replaying = false;
  const calls = new Set<Call>();

  function adopt(handle: WorkerHandle): WorkerHandle {
    handle.onDeath((reason) => {
      if (handle === worker) bury(reason);
    });
    return handle;
  }

  function bury(reason: string): void {
    worker.terminate();
    const lost = [...calls];
    calls.clear();
    stopWatching();
    for (const call of lost) call.reject(new SimulationLost(reason));
    deathsAtMs = [...deathsAtMs.filter((at) => Date.now() - at < DEATHS_WINDOW_MS), Date.now()];
    const canGoOn = saved !== undefined || replaying;
    if (deathsAtMs.length > MAX_DEATHS || !canGoOn) {
      restarting = Promise.reject(new SimulationLost(reason));
      restarting.catch(() => undefined);
      events.onLost(reason);
      return;
    }
    worker = adopt(start());
    restarting = restore(saved);
    restarting.catch(() => undefined);
  }

  /** Without a run the new worker waits for one. */
  async function restore(run: SavedRun | undefined): Promise<void> {
    events.onRestarting();
    if (listener) await track(worker.simulation.subscribe(proxy(observed(listener))));
    if (!run) {
      restarting = undefined;
      return;
    }
    const opened = await track(worker.simulation.open(run.scenario, { ...run, atUs: nowUs }));
    restarting = undefined;
    events.onRestarted(opened);
  }

  function observed(inner: (update: MirrorUpdate) => void): (update: MirrorUpdate) => void {
    const mine = worker;
    return (update) => {
      if (mine !== worker) return;
      nowUs = update.nowUs;
      inner(update);
    };
  }

  /** An answer, or the news that there will be none. */
  function track<T>(answer: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const call: Call = { startedAtMs: Date.now(), reject };
      calls.add(call);
      watch();
      const done = () => {
        calls.delete(call);
        if (calls.size === 0) stopWatching();
      };
      answer.then(
        (value) => {
          done();
          resolve(value);
        },
        (error: unknown) => {
          done();
          reject(error);
        },
      );
    });
  }

  function watch(): void {
    watchdog ??= setInterval(() => {
      const oldest = Math.min(...[...calls].map((call) => call.startedAtMs));
      if (Date.now() - oldest < SUSPICIOUS_MS) return;
      if (askedAtMs === undefined) {
        askedAtMs = Date.now();
        worker.simulation.save().then(
          () => {
            askedAtMs = undefined;
          },
          () => undefined,
        );
      } else if (Date.now() - askedAtMs > SILENT_MS) bury("it no longer answers");
    }, 1_000);
  }

  function stopWatching(): void {
    clearInterval(watchdog);
    watchdog = undefined;
    askedAtMs = undefined;
  }

  async function call<T>(ask: (simulation: Simulation) => Promise<T>): Promise<T> {
    if (restarting) await restarting;
    return track(ask(worker.simulation));
  }

  /** A command changes what a restart must come back to. */
  async function command<T>(ask: (simulation: Simulation) => Promise<T>): Promise<T> {
    const answer = await call(ask);
    saved = await call((simulation) => simulation.save());
    return answer;
  }

  return {
    subscribe: (inner) => {
      listener = inner;
      return call((simulation) => simulation.subscribe(proxy(observed(inner))));
    },
    open: async (scenario, run) => {
      replaying = run !== undefined;
      const opened = await call((simulation) => simulation.open(scenario, run)).finally(() => {
        replaying = false;
      });
      // A scenario with mistakes leaves the run as it was, or leaves nothing to save.
      if (opened.errors.length === 0) saved = await call((simulation) => simulation.save());
      return opened;
    },
    send: (from, to, http) => command((simulation) => simulation.send(from, to, http)),
    apply: (yaml) => command((simulation) => simulation.apply(yaml)),
    delete: (key) => command((simulation) => simulation.delete(key)),
    control: (order) => command((simulation) => simulation.control(order)),
    rehearse: (order) => call((simulation) => simulation.rehearse(order)),
    recordsAt: (atUs) => call((simulation) => simulation.recordsAt(atUs)),
    effects: (sinceUs) => call((simulation) => simulation.effects(sinceUs)),
    podsMatching: (namespace, selector) =>
      call((simulation) => simulation.podsMatching(namespace, selector)),
    followCheck: (purpose, when) => command((simulation) => simulation.followCheck(purpose, when)),
    checks: () => call((simulation) => simulation.checks()),
    traffic: () => call((simulation) => simulation.traffic()),
    predict: (from, to, http) => call((simulation) => simulation.predict(from, to, http)),
    way: (prediction, index) => call((simulation) => simulation.way(prediction, index)),
    compare: (request) => call((simulation) => simulation.compare(request)),
    advance: (us) => call((simulation) => simulation.advance(us)),
    seek: (atUs) => call((simulation) => simulation.seek(atUs)),
    journeys: () => call((simulation) => simulation.journeys()),
    paths: (journey) => call((simulation) => simulation.paths(journey)),
    ruleChanges: (node, sinceUs) => call((simulation) => simulation.ruleChanges(node, sinceUs)),
    scenarioSettings: () => call((simulation) => simulation.scenarioSettings()),
    rebuiltScenario: (settings) => call((simulation) => simulation.rebuiltScenario(settings)),
    nodePodNetwork: (node) => call((simulation) => simulation.nodePodNetwork(node)),
    podSandbox: (namespace, name) => call((simulation) => simulation.podSandbox(namespace, name)),
    sandboxOf: (node, id) => call((simulation) => simulation.sandboxOf(node, id)),
    dnsRecords: () => call((simulation) => simulation.dnsRecords()),
    clientsSeen: (key) => call((simulation) => simulation.clientsSeen(key)),
    tables: (node) => call((simulation) => simulation.tables(node)),
    rulesText: (node) => call((simulation) => simulation.rulesText(node)),
    readRules: (node, text) => call((simulation) => simulation.readRules(node, text)),
    yaml: (key) => call((simulation) => simulation.yaml(key)),
    exportYaml: (kind) => call((simulation) => simulation.exportYaml(kind)),
    save: () => call((simulation) => simulation.save()),
    openTerminal: (place, columns, events) =>
      call((simulation) => simulation.openTerminal(place, columns, proxy(events))),
    runLine: (id, line, locked) => command((simulation) => simulation.runLine(id, line, locked)),
    completeLine: (id, text, cursor) =>
      call((simulation) => simulation.completeLine(id, text, cursor)),
    tellTerminal: (id, message) => call((simulation) => simulation.tellTerminal(id, message)),
    killWorker: () => bury("it was stopped on purpose"),
  };
}

/** The real worker. */
export function startWorker(): WorkerHandle {
  const worker = new Worker(new URL("./host.ts", import.meta.url), { type: "module" });
  return {
    simulation: wrap<Simulation>(worker),
    terminate: () => worker.terminate(),
    onDeath: (listener) => {
      worker.addEventListener("error", (event) =>
        listener(event.message || "it could not be loaded"),
      );
      worker.addEventListener("messageerror", () => listener("a message could not be read"));
    },
  };
}
