import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { followedHops } from "../core/trace/follow";
import { SimulationHost } from "../worker/simulation";
import { decodeLink, encodeLink } from "./link";
import { PANELS, type SharedMoment } from "./shared-moment";

const DEFAULT = readFileSync("public/scenarios/default.yaml", "utf8");
/** A course site's, with every option of the page. */
const ADDRESS =
  "https://courses.example.org/networks/2026/kubehop/?embed=1&scenario=default&theme=dark&hide=objects,dock,inspector#";
const MAX_CHARACTERS = 1_500;
const FOLLOWS = ["first", "request", "response", "all"] as const;

test("every hop of the default scenario's first request fits in a link of 1,500 characters, and comes back", async () => {
  const host = new SimulationHost();
  await host.open(DEFAULT);
  const sent = await host.send("host/user", "lb/default/kuard:80");
  if (!sent.ok) throw new Error(sent.error);
  const { log } = await host.save();
  let longest = 0;
  for (const follow of FOLLOWS) {
    const hops = followedHops(sent.journey.hops, follow);
    expect(hops.length).toBeGreaterThan(5);
    for (const [hop, { atUs }] of hops.entries()) {
      const moment: SharedMoment = {
        run: { scenario: DEFAULT, log, atUs },
        followed: { request: sent.journey.id, follow, hop },
        selected: "EndpointSlice/default/kuard-55dcd8d756-abcde-and-a-longer-name-than-usual",
        tabs: { inspector: "packet", dock: "compare", node: "node-3" },
        ends: {
          from: "pod/default/kuard-55dcd8d756-abcde",
          to: "nodeport/node-3/default/kuard:80",
        },
        compared: {
          from: "host/user",
          to: "lb/default/kuard:80",
          change: "kuard: externalTrafficPolicy Local",
          edit: {
            type: "patch",
            key: "Service/default/kuard",
            patch: { spec: { externalTrafficPolicy: "Local" } },
          },
          atUs,
          afterUs: 60_000_000,
        },
        speed: 0.25,
        viewport: { x: -1234, y: 5678, zoom: 1.234 },
        positions: [1, 2, 3].map((node) => [`node/node-${node}`, -1000 * node, 777 * node]),
        options: { paused: false, hide: PANELS, locked: true },
      };
      const fragment = encodeLink(moment, DEFAULT);
      longest = Math.max(longest, ADDRESS.length + fragment.length);
      expect(decodeLink(fragment, DEFAULT)).toEqual({ ok: true, moment, builtInChanged: false });
    }
  }
  expect(longest).toBeLessThanOrEqual(MAX_CHARACTERS);
});

test("a link shows the same hop of the same packet, in a simulation that never saw the first one", async () => {
  const host = new SimulationHost();
  await host.open(DEFAULT);
  await host.advance(1_234_567);
  const sent = await host.send("host/user", "lb/default/kuard:80");
  if (!sent.ok) throw new Error(sent.error);
  await host.seek(sent.journey.hops[9]?.atUs ?? 0);
  const run = await host.save();
  const decoded = decodeLink(encodeLink({ run }, DEFAULT), DEFAULT);
  if (!decoded.ok) throw new Error(decoded.problem);

  const other = new SimulationHost();
  const opened = await other.open(decoded.moment.run.scenario, decoded.moment.run);
  expect(opened.refused).toEqual([]);
  expect(opened.journeys).toEqual([sent.journey]);
  expect((await other.save()).atUs).toBe(run.atUs);
});

test("commands that the simulation refuses are left out, whatever they are", async () => {
  const host = new SimulationHost();
  const opened = await host.open(DEFAULT, {
    scenario: DEFAULT,
    atUs: 40_000_000,
    log: [
      { atUs: 1, command: { type: "apply", yaml: "a: : b\n- x" } },
      {
        atUs: 2,
        command: { type: "apply", yaml: "kind: Scenario\napiVersion: kubehop.dev/v1alpha1" },
      },
      { atUs: 3, command: { type: "delete", key: "Pod/../../etc" } },
      { atUs: 4, command: { type: "delete", key: "__proto__/a" } },
      { atUs: 5, command: { type: "send", from: "", to: "%%%" } },
      { atUs: 6, command: { type: "patch", key: "Pod/default/nobody", patch: { spec: null } } },
      { atUs: 7, command: { type: "drain", node: "nowhere" } },
      { atUs: 8, command: { type: "killContainer", namespace: "x", pod: "y" } },
      { atUs: 9, command: { type: "undo" } },
      { atUs: 10, command: { type: "redo" } },
      { atUs: 30_000_000, command: { type: "send", from: "host/user", to: "lb/default/kuard:80" } },
    ],
  });
  expect(opened.errors).toEqual([]);
  expect(opened.refused).toHaveLength(10);
  expect(opened.journeys).toHaveLength(1);
});
