import type { Ends } from "../share/shared-moment";
import { type MirrorRecords, objectsOf } from "./mirror";
import { suggestedEnds } from "./suggestions";

/** Something the send bar offers. */
export interface TargetChoice {
  /** As the CLI's SRC or DST: `lb/default/kuard:80`. */
  readonly value: string;
  readonly group: string;
}

export function sourceChoices(records: MirrorRecords): readonly TargetChoice[] {
  return [
    ...objectsOf(records, "Host").map(({ metadata }) => ({
      value: `host/${metadata.name}`,
      group: "Hosts",
    })),
    ...objectsOf(records, "Node").map(({ metadata }) => ({
      value: `node/${metadata.name}`,
      group: "Nodes",
    })),
    ...objectsOf(records, "Pod").map(({ metadata }) => ({
      value: `pod/${metadata.namespace}/${metadata.name}`,
      group: "Pods",
    })),
  ];
}

const known = new WeakMap<MirrorRecords, readonly TargetChoice[]>();

/** The same array for the same records. */
export function targetChoices(records: MirrorRecords): readonly TargetChoice[] {
  const choices = known.get(records) ?? readTargets(records);
  known.set(records, choices);
  return choices;
}

function readTargets(records: MirrorRecords): readonly TargetChoice[] {
  const choices: TargetChoice[] = [];
  const nodes = objectsOf(records, "Node").map(({ metadata }) => metadata.name);
  const services = objectsOf(records, "Service");
  const each = (group: string, prefix: string, type: (type: string) => boolean) => {
    for (const { metadata, spec } of services) {
      if (!type(spec.type)) continue;
      for (const { port, protocol } of spec.ports ?? []) {
        const suffix = protocol === "UDP" ? "/udp" : "";
        choices.push({
          group,
          value: `${prefix}${metadata.namespace}/${metadata.name}:${port}${suffix}`,
        });
      }
    }
  };
  each("Load balancers", "lb/", (type) => type === "LoadBalancer");
  for (const node of nodes) {
    each(
      "Node ports",
      `nodeport/${node}/`,
      (type) => type === "LoadBalancer" || type === "NodePort",
    );
  }
  each("Services", "svc/", (type) => type !== "ExternalName");
  each("Endpoints, picked by the client", "endpoints/", (type) => type !== "ExternalName");
  for (const { metadata, spec } of objectsOf(records, "Pod")) {
    for (const { containerPort, protocol } of spec.containers.flatMap((one) => one.ports ?? [])) {
      const suffix = protocol === "UDP" ? "/udp" : "";
      choices.push({
        group: "Pods",
        value: `pod/${metadata.namespace}/${metadata.name}:${containerPort}${suffix}`,
      });
    }
  }
  return choices;
}

/** Ports whose servers speak something else: DNS, TLS, databases. */
const OTHER_PORTS = new Set([22, 53, 443, 3306, 5432, 6379, 6443, 8443, 9443, 10_250, 27_017]);

/** Whether a destination's server may well speak HTTP: nobody knows before it is asked. */
export function speaksHttp(to: string): boolean {
  const match = /:(?<port>\d+|[a-z][a-z0-9-]*)(?<other>\/(?!tcp$).*)?$/i.exec(to.trim());
  const { port = "", other } = match?.groups ?? {};
  if (port === "" || other !== undefined) return false;
  return /^\d+$/.test(port) ? !OTHER_PORTS.has(Number(port)) : !/dns|tls|https|sql/i.test(port);
}

/** Who sends a first request, and to whom: as the scenario suggests, or the usual. */
export function defaultEnds(records: MirrorRecords): Ends {
  const to = defaultTarget(records);
  return suggestedEnds(records) ?? { from: defaultSource(records, to), to };
}

/** Where a first request goes: through a load balancer if there is one, else to any Service of the user's. */
function defaultTarget(records: MirrorRecords): string {
  const choices = targetChoices(records);
  const ofUser = choices.find(
    ({ group, value }) =>
      group !== "Load balancers" && !/\/(kube-system\/|default\/kubernetes:)/.test(value),
  );
  return (
    (choices.find(({ group }) => group === "Load balancers") ?? ofUser ?? choices[0])?.value ?? ""
  );
}

/** Who sends a first request: a user, where the target can be reached from outside; else somebody inside, a pod of
 *  the user's own before a node. */
export function defaultSource(records: MirrorRecords, target: string): string {
  const values = sourceChoices(records).map(({ value }) => value);
  const host = values.includes("host/user")
    ? "host/user"
    : values.find((value) => value.startsWith("host/"));
  if (host && /^(lb|nodeport)\//.test(target)) return host;
  const pod = values.find((value) => /^pod\/(?!kube-system\/)/.test(value));
  return pod ?? values.find((value) => value.startsWith("node/")) ?? host ?? "";
}
