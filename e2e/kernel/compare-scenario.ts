import { writeDump } from "../../src/cli/dump";
import { loadSettled, readText } from "../../src/cli/load";
import { outcomeOf } from "../../src/cli/paths";
import { matchesLabels } from "../../src/core/api/labels";
import type { World } from "../../src/core/cluster/world";
import { formatIpv4 } from "../../src/core/net/ipv4";
import { askLab, type Request } from "./ask-lab";
import { expectedOf, findUnforeseen, type Outcome } from "./compare";
import { allFlows, type Flow } from "./flows";
import { frequencyTests } from "./frequencies";
import { gatewayFlows } from "./gateway-flows";
import { canSpeakSctp } from "./obstacle";
import type { ServiceAddresses } from "./oracle/addresses";
import { findUncalledFor } from "./oracle/judge";
import { expectationOf } from "./oracle/oracle";
import { settingOf } from "./oracle/setting";
import { followProbe } from "./probes/follow";
import { findStrayFrames, routerIpsOf } from "./probes/judge";
import { allProbes } from "./probes/probes";
import { type Disagreement, nameOf, type ScenarioReport, type ScenarioTask } from "./report";

/** Attempts of a flow whose outcome is certain, and of one that has several. */
const ATTEMPTS = { certain: 1, several: 10 };

export async function compareScenario(task: ScenarioTask): Promise<ScenarioReport> {
  const { file, directory } = task;
  const startedAt = performance.now();
  const world = loadSettled(file);
  const topology = writeDump(world, directory);
  const plain = allFlows(topology, [...world.store.list("Service")], canSpeakSctp());
  const flows = [...plain, ...gatewayFlows(topology, (pod) => frontsOf(world, pod))];
  const probes = allProbes(topology);
  const paths = new Map(flows.map((flow) => [flow.id, pathsOf(world, flow)]));
  const outcomes = (id: string) => paths.get(id) ?? [];
  const requests = flows.map((flow) => requestFor(flow, outcomes(flow.id)));
  const lab = await askLab(directory, { requests, probes });
  const attempts = (id: string) => lab.attempts[id] ?? [];

  const setting = settingOf(readText(file), topology, addressesOf(world));
  const routerIps = routerIpsOf(topology);
  const disagreements: readonly Disagreement[] = [
    ...flows.flatMap((flow) => {
      const { id } = flow;
      const unforeseen = disagreement(id, findUnforeseen(outcomes(id), attempts(id)));
      // What manifests call for ends at the gateway.
      if (flow.http) return unforeseen;
      const expected = expectationOf(setting, flow);
      const uncalledFor = findUncalledFor(expected, outcomes(id), attempts(id));
      return [...unforeseen, ...disagreement(id, uncalledFor)];
    }),
    ...probes.flatMap((probe) => {
      const seen = lab.frames[probe.id] ?? [];
      return disagreement(probe.id, findStrayFrames(followProbe(world, probe), seen, routerIps));
    }),
  ];
  const name = nameOf(task);
  const count = Object.values(lab.attempts).reduce((sum, list) => sum + list.length, 0);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  return {
    name,
    flows: flows.length + probes.length,
    disagreements,
    frequencies: frequencyTests(plain, outcomes, attempts),
    line: `${name}: ${flows.length} flows, ${count} attempts, ${probes.length} probes, ${disagreements.length} disagreements, ${seconds} s`,
  };
}

function disagreement(flow: string, text: string | undefined): readonly Disagreement[] {
  return text === undefined ? [] : [{ flow, text }];
}

function pathsOf(world: World, { from, to, http }: Flow): readonly Outcome[] {
  const explored = world.paths(from, `${to.ip}:${to.port}/${to.protocol}`, { http });
  if (!explored.ok) throw new Error(explored.error);
  return explored.value.map(outcomeOf);
}

/** As many attempts as it takes to see a flow's outcomes. */
function requestFor({ id, from, to, http }: Flow, outcomes: readonly Outcome[]): Request {
  const expected = expectedOf(outcomes);
  const isCertain = expected.size === 1;
  const silence = !expected.has("dropped") ? "never" : isCertain ? "certain" : "possible";
  const asked = { id, from, ...to, ...(http && { http }) };
  return { ...asked, count: isCertain ? ATTEMPTS.certain : ATTEMPTS.several, silence };
}

/** Services that lead to a pod: their ClusterIPs, and load balancers. */
function frontsOf(world: World, pod: string): readonly Flow["to"][] {
  const [, namespace = "", name = ""] = pod.split("/");
  const labels = world.store.find("Pod", namespace, name)?.metadata.labels;
  return [...world.store.list("Service")]
    .filter(
      ({ metadata, spec }) =>
        metadata.namespace === namespace && matchesLabels(spec.selector, labels),
    )
    .flatMap(({ metadata, spec }) => {
      const balancer = world
        .loadBalancers()
        .find(({ service }) => service === `${namespace}/${metadata.name}`);
      const ips = [spec.clusterIP, balancer && formatIpv4(balancer.ip)];
      return ips.flatMap((ip) =>
        ip === undefined || ip === "None"
          ? []
          : (spec.ports ?? [])
              .slice(0, 1)
              .map(({ port }) => ({ ip, port, protocol: "tcp" as const })),
      );
    });
}

function addressesOf({ store }: World): readonly ServiceAddresses[] {
  return [...store.list("Service")].map(({ metadata, spec, status }) => ({
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    ...(spec.clusterIP !== undefined && { clusterIP: spec.clusterIP }),
    nodePorts: (spec.ports ?? []).map(({ nodePort }) => nodePort),
    ingressIps: (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, ipMode }) =>
      ip !== undefined && ipMode !== "Proxy" ? ip : [],
    ),
  }));
}
