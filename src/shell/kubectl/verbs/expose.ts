import type { KubeObject, Labels } from "../../../core/api/types";
import { refusalOf } from "../api";
import { failure, statusFailure } from "../failure";
import { typeOfKind } from "../resources";
import { findTargets, parseTargets, RESOURCE_HELP } from "../targets";
import type { Kubectl, Verb } from "../verb";
import { labelPairs } from "./run";
import { createObject, WRITE_FLAGS } from "./writing";

const EXPOSABLE = ["Pod", "Service", "Deployment", "ReplicaSet"];

export const expose: Verb = {
  name: "expose",
  flags: {
    ...WRITE_FLAGS,
    port: { value: true },
    "target-port": { value: true },
    name: { value: true },
    type: { value: true },
    protocol: { value: true },
    selector: { value: true },
    labels: { short: "l", value: true },
    "external-ip": { value: true },
    "cluster-ip": { value: true },
    "session-affinity": { value: true },
    "load-balancer-ip": { value: true },
    filename: { short: "f", value: true },
    overrides: { value: true },
  },
  run: async (kubectl) => {
    const { api, args, flags, namespace } = kubectl;
    if (args.length === 0) throw failure(RESOURCE_HELP);
    const targets = parseTargets(args);
    if (!targets.named) throw failure("resource(s) were provided, but no name was specified");
    // Its own --selector is the Service's.
    const scope = { namespace, allNamespaces: false };
    const { found, errors } = findTargets(api, targets, scope, flags.without("selector"));
    for (const error of errors) await kubectl.complain(error);
    if (errors.length > 0) await hintAtPod(kubectl);
    for (const { type, objects } of found) {
      for (const object of objects) {
        if (!EXPOSABLE.includes(object.kind))
          throw failure(
            `cannot expose a ${object.kind === "Node" ? "Node" : `${object.kind}.${type.group}`}`.replace(
              /\.$/,
              "",
            ),
          );
        const given = flags.text("selector");
        const selector = given === undefined ? selectorOf(object) : labelPairs(given.split(","));
        const ports = portsOf(
          object,
          flags.text("port"),
          flags.text("protocol"),
          flags.text("target-port"),
        );
        const labels = flags.has("labels")
          ? labelPairs(flags.list("labels"))
          : object.metadata.labels;
        const optional = {
          clusterIP: flags.text("cluster-ip"),
          loadBalancerIP: flags.text("load-balancer-ip"),
          sessionAffinity: flags.text("session-affinity"),
          type: flags.text("type"),
        };
        const external = flags.text("external-ip");
        const spec = Object.fromEntries(Object.entries(optional).filter(([, value]) => value));
        const manifest = {
          apiVersion: "v1",
          kind: "Service",
          metadata: { ...(labels && { labels }), name: flags.text("name") ?? object.metadata.name },
          spec: { ...spec, ...(external && { externalIPs: [external] }), ports, selector },
        };
        const wrap = (message: string) => {
          const metadata = { ...manifest.metadata, namespace };
          const result = api.execute({ type: "create", manifest: { ...manifest, metadata } }, true);
          return result.ok ? failure(message) : statusFailure(refusalOf(result));
        };
        await createObject(kubectl, manifest, "exposed", wrap);
      }
    }
    return errors.length > 0 ? 1 : 0;
  },
};

/** In 2017 `kubectl run` had made the Deployment that is asked for here. */
async function hintAtPod({ api, args, namespace, hint }: Kubectl): Promise<void> {
  const name = args.at(-1)?.split("/").at(-1) ?? "";
  if (!api.find(typeOfKind("Pod"), namespace, name)) return;
  await hint(`"kubectl run" makes a pod today: kubectl expose pod ${name} --port=…`);
}

function selectorOf(object: KubeObject): Labels {
  const noSelector = (why: string) =>
    failure(`couldn't retrieve selectors via --selector flag or introspection: ${why}`);
  switch (object.kind) {
    case "Pod":
      if (Object.keys(object.metadata.labels ?? {}).length === 0)
        throw noSelector("the pod has no labels and cannot be exposed");
      return object.metadata.labels ?? {};
    case "Service":
      if (!object.spec.selector) throw noSelector("the service has no pod selector set");
      return object.spec.selector;
    case "Deployment":
    case "ReplicaSet":
      if ((object.spec.selector.matchExpressions ?? []).length > 0)
        throw noSelector(
          `couldn't convert expressions - "${JSON.stringify(object.spec.selector.matchExpressions)}" to map-based selector format`,
        );
      return object.spec.selector.matchLabels ?? {};
    default:
      throw noSelector(`cannot extract pod selector from ${object.kind}`);
  }
}

interface Port {
  readonly port: number;
  readonly protocol: string;
}

function portsOf(
  object: KubeObject,
  given: string | undefined,
  protocol: string | undefined,
  target: string | undefined,
) {
  const own = declaredPorts(object);
  const wanted: readonly Port[] =
    given === undefined
      ? own
      : given.split(",").map((text) => ({
          port: portNumber(text),
          protocol: protocol ?? own.find(({ port }) => String(port) === text)?.protocol ?? "TCP",
        }));
  if (wanted.length === 0) throw failure("couldn't find port via --port flag or introspection");
  return wanted.map(({ port, protocol: own }, index) => ({
    ...(wanted.length > 1 && { name: `port-${index + 1}` }),
    port,
    protocol: protocol ?? own,
    targetPort: target === undefined ? port : /^\d+$/.test(target) ? Number(target) : target,
  }));
}

function portNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw failure(`strconv.Atoi: parsing "${text}": invalid syntax`);
}

function declaredPorts(object: KubeObject): readonly Port[] {
  if (object.kind === "Service")
    return (object.spec.ports ?? []).map(({ port, protocol }) => ({ port, protocol }));
  const spec = object.kind === "Pod" ? object.spec : podSpecOf(object);
  return (spec?.containers ?? []).flatMap(({ ports = [] }) =>
    ports.map(({ containerPort, protocol }) => ({ port: containerPort, protocol })),
  );
}

function podSpecOf(object: KubeObject) {
  return object.kind === "Deployment" || object.kind === "ReplicaSet"
    ? object.spec.template.spec
    : undefined;
}
