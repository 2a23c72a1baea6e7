import { beforeEach, expect, it } from "vitest";
import type { KubeObject } from "../core/api/types";
import type {
  HopView,
  JourneyView,
  MirrorRecord,
  MirrorUpdate,
  Simulation,
} from "../worker/protocol";
import { useMirror } from "./mirror";
import { useNotices } from "./notices";
import { usePlayback } from "./playback";
import { applyYaml, connectSession, openScenario, send, setTo, useSession } from "./session";

const packet = {
  protocol: "tcp",
  src: 1,
  dst: 2,
  sport: 3,
  dport: 4,
  ttl: 64,
  mark: 0,
  seq: 0,
  ack: 0,
  payloadBytes: 0,
} as const;

function hop(index: number): HopView {
  return {
    index,
    atUs: index,
    connection: 1,
    role: "SYN",
    direction: "original",
    node: "user",
    place: "host/user",
    kind: "send",
    text: `hop ${index}`,
    before: packet,
    after: packet,
    rules: [],
    rulesTested: 0,
    rulesMatched: 0,
    why: "",
    causes: [],
  };
}

function journey(id: number, hops: number): JourneyView {
  const verdict = { kind: "delivered", explanation: "", place: "" } as const;
  const all = Array.from({ length: hops }, (_, index) => hop(index));
  return {
    id,
    from: "host/user",
    to: "x:80",
    sentAtUs: 0,
    verdict,
    server: null,
    serverSeesSrcIp: null,
    frames: [],
    hops: all,
  };
}

const objects: readonly KubeObject[] = [
  {
    apiVersion: "kubehop.dev/v1alpha1",
    kind: "Host",
    metadata: { name: "laptop", namespace: "", uid: "h", resourceVersion: "1" },
    spec: { zone: "internet", ip: "203.0.113.1" },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "shop", uid: "s", resourceVersion: "1" },
    spec: { type: "LoadBalancer", ports: [{ protocol: "TCP", port: 80, targetPort: 80 }] },
    status: { loadBalancer: {} },
  },
];

function recordOf(value: KubeObject): MirrorRecord {
  const { namespace, name } = value.metadata;
  return { id: [value.kind, namespace, name].filter(Boolean).join("/"), type: "object", value };
}

/** Answers as told; keeps what was asked. */
function fakeSimulation() {
  const asked: string[] = [];
  const state = { journeys: [] as readonly JourneyView[], broken: false };
  let listener: (update: MirrorUpdate) => void = () => undefined;
  const report = { ok: true, lines: ["pod/a created"], errors: [], ignored: [] };
  const simulation: Simulation = {
    async open() {
      if (state.broken) return { errors: [{ message: "bad", line: 2 }], ignored: [], journeys: [] };
      listener({ nowUs: 5, horizonUs: 5, added: objects.map(recordOf), updated: [], removed: [] });
      return { errors: [], ignored: [], journeys: [] };
    },
    async subscribe(inner) {
      listener = inner;
    },
    openTerminal: async () => ({ ok: false, error: "" }),
    runLine: async () => ({ kind: "gone" }),
    completeLine: async () => ({ from: 0, candidates: [] }),
    tellTerminal: async () => true,
    async send(from, to) {
      asked.push(`${from} > ${to}`);
      if (to === "nowhere") return { ok: false, error: "nowhere: no such place" };
      state.journeys = [journey(1, 3)];
      return { ok: true, journey: journey(1, 3) };
    },
    apply: async () => report,
    delete: async () => report,
    control: async () => report,
    rehearse: async () => ({ ...report, objects: [] }),
    recordsAt: async () => [],
    effects: async () => [],
    followCheck: async () => ({ ok: false, error: "" }),
    checks: async () => undefined,
    traffic: async () => undefined,
    predict: async () => ({ ok: false, error: "" }),
    way: async () => undefined,
    compare: async () => ({ ok: false, errors: [] }),
    podsMatching: async () => [],
    advance: async () => undefined,
    seek: async () => undefined,
    journeys: async () => state.journeys,
    paths: async () => ({ ok: true, ways: [] }),
    tables: async (node) => ({
      node,
      rules: [],
      dropping: [],
      conntrack: [],
      deletedEntries: [],
      routes: [],
      addresses: [],
    }),
    rulesText: async () => "",
    readRules: async () => ({ errors: [], tables: [], sets: 0 }),
    ruleChanges: async () => [],
    scenarioSettings: () => Promise.reject(new Error("nobody asks")),
    rebuiltScenario: async () => "",
    nodePodNetwork: async () => undefined,
    podSandbox: async () => undefined,
    sandboxOf: async () => undefined,
    dnsRecords: async () => [],
    clientsSeen: async () => [],
    yaml: async () => "",
    exportYaml: async () => "",
    save: async () => ({ scenario: "", log: [], atUs: 0 }),
  };
  return { simulation, asked, state };
}

let fake: ReturnType<typeof fakeSimulation>;
beforeEach(async () => {
  useMirror.getState().clear();
  useNotices.setState({ notices: [] });
  useSession.setState({ phase: { kind: "starting" }, from: "", to: "" });
  fake = fakeSimulation();
  await connectSession(fake.simulation);
  await openScenario("kind: Scenario");
});

it("offers the load balancer of a cluster that was opened, and lets it live", () => {
  expect(useSession.getState()).toMatchObject({
    phase: { kind: "running" },
    from: "host/laptop",
    to: "lb/shop/web:80",
  });
  expect(usePlayback.getState()).toMatchObject({ journey: null, hops: [], playing: true });
});

it("follows what it sends", async () => {
  await send();
  expect(fake.asked).toEqual(["host/laptop > lb/shop/web:80"]);
  expect(usePlayback.getState()).toMatchObject({ index: 0, journey: { id: 1 } });
});

it("says why a request could not be sent, and keeps following the last one", async () => {
  await send();
  setTo("nowhere");
  await send();
  expect(useNotices.getState().notices.map((one) => one.text)).toEqual(["nowhere: no such place"]);
  expect(usePlayback.getState().journey?.id).toBe(1);
  expect(useSession.getState().busy).toBe("");
});

it("sends nothing to nowhere", async () => {
  setTo("  ");
  await send();
  expect(fake.asked).toEqual([]);
});

it("follows what became of the journey after an edit", async () => {
  await send();
  fake.state.journeys = [journey(1, 2)];
  await applyYaml("kind: Pod");
  expect(usePlayback.getState().hops).toHaveLength(2);
  fake.state.journeys = [];
  await applyYaml("kind: Pod");
  expect(usePlayback.getState()).toMatchObject({ journey: null, index: -1 });
});

it("keeps the cluster and the followed packet when another scenario is broken", async () => {
  await send();
  fake.state.broken = true;
  const opened = await openScenario("kind: [");
  expect(opened.errors).toEqual([{ message: "bad", line: 2 }]);
  expect(usePlayback.getState().journey?.id).toBe(1);
  expect(useSession.getState().phase).toEqual({ kind: "running" });
});

it("tells whoever changes the past that the future is cut off", async () => {
  const shown = () => useNotices.getState().notices.map((one) => one.kind);
  await send();
  expect(shown()).toEqual([]);
  useMirror.setState({ nowUs: 10, horizonUs: 20 });
  await send();
  expect(shown()).toEqual(["info"]);
  setTo("nowhere");
  await send();
  expect(shown()).toEqual(["info", "error"]);
});

it("explains to who is not a pod why a Service's name means nothing", async () => {
  fake.simulation.send = async () => ({ ok: false, error: "Could not resolve host: kuard" });
  await send();
  expect(useNotices.getState().notices[0]?.lines).toHaveLength(1);
  useSession.setState({ from: "pod/default/client" });
  await send();
  expect(useNotices.getState().notices.map((one) => one.lines)).toEqual([[]]);
});
