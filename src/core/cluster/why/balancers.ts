import { keyOf, objectKey, type Service } from "../../api/types";
import type { LoadBalancer } from "../../controllers/cloud/load-balancer";
import { refusalOf } from "../../controllers/cloud/refusals";
import type { Journey } from "../connection";
import type { World } from "../world";
import { type Case, nameOf, plain } from "./case";
import { kubectl, listed } from "./lines";
import { powerOn, whyNoEndpoints } from "./no-endpoints";
import { isNodeDead, patch } from "./objects";
import { whyRulesBehind } from "./rules-behind";
import { nodeToAsk, slicesOf } from "./slices";
import type { Finding, Fix } from "./why";

/** No target of the load balancer passes its health checks: what they find, and what is behind that. */
export function whyNoTargets({ world, hop, dialled, dig }: Case): Finding {
  const [, namespace = "", name = ""] = hop.place.split("/");
  const service = world.store.find("Service", namespace, name);
  const balancer = world.loadBalancers().find((one) => one.service === `${namespace}/${name}`);
  const port = service?.spec.ports?.find((one) => one.port === dialled.port);
  const inner = service && whyNoEndpoints(world, service, port);
  const found = balancer ? checkWords(balancer) : "it has no target at all";
  const first = `The load balancer of Service ${namespace}/${name} has no healthy target: ${found}.`;
  if (inner) return { ...inner, cause: `${first} ${inner.cause}` };
  const check = latestCheck(world, `${namespace}/${name}`);
  if (check?.outcome && check.outcome.verdict.kind !== "delivered") {
    const behind = dig(world, check, check.outcome.verdict);
    return {
      ...behind,
      cause: `${first} ${behind.cause}`,
      objects: [keyOf("Service", namespace, name), ...(behind.objects ?? [])],
      // A request of the load balancer's is not ours to send in another way.
      fix: (behind.fix ?? []).filter(({ send }) => send === undefined),
    };
  }
  return (
    (service && balancer && onNodes(world, service, balancer, first)) ?? {
      code: "NoHealthyTargets",
      title: "The load balancer has no healthy target",
      cause: `${first} Its next check may find otherwise.`,
      objects: [keyOf("Service", namespace, name)],
      look: [kubectl(`get service ${name}`, namespace, name)],
    }
  );
}

/** The last health check that failed, with all that its packets met. */
function latestCheck({ checks }: World, service: string): Journey | undefined {
  const failed = checks.filter(
    ({ purpose, answer }) =>
      purpose.kind === "target" && purpose.service === service && answer.kind !== "answered",
  );
  return failed.at(-1)?.journey;
}

function checkWords({ healthCheck: { kind, port }, targets }: LoadBalancer): string {
  const unchecked = targets.filter(({ checked }) => !checked);
  if (targets.length === 0) return "the cluster has no node that it may use";
  if (unchecked.length === targets.length)
    return `none of its ${targets.length} targets was checked yet (every 10 s, twice before it counts)`;
  return `the health check (${kind === "tcp" ? "TCP" : "HTTP"} port ${port}) fails on ${listed(targets.map(({ node }) => node))}`;
}

/** There are endpoints, and still no node answers. */
function onNodes(
  world: World,
  service: Service,
  { targets }: LoadBalancer,
  first: string,
): Finding | undefined {
  const dead = targets.filter(({ node }) => isNodeDead(world, node));
  if (targets.length > 0 && dead.length === targets.length)
    return {
      code: "NodeDown",
      title: "Every node is down",
      cause: first,
      objects: [objectKey(service), ...dead.map(({ node }) => keyOf("Node", "", node))],
      look: [kubectl("get nodes", "", "NotReady")],
      fix: dead.map(({ node }) => powerOn(node)),
    };
  if (targets.some(({ checked }) => !checked)) return undefined;
  const carrying = new Set(
    slicesOf(world, service).flatMap(({ endpoints }) => endpoints.map(({ nodeName }) => nodeName)),
  );
  const isLocal = service.spec.externalTrafficPolicy === "Local";
  for (const { node } of targets) {
    if (isLocal && !carrying.has(node)) continue;
    const behind = whyRulesBehind(world, node, first);
    if (behind) return behind;
  }
  return undefined;
}

/** The load balancer that was asked is not there (yet). */
export function whyPending(of: Case): Finding {
  const { world, asked } = of;
  const [, namespace = "", name = ""] = /^lb\/([^/]+)\/([^/:]+)/.exec(asked.to) ?? [];
  const service = world.store.find("Service", namespace, name);
  return service
    ? whyNoBalancer(world, service, asked.from)
    : plain("LoadBalancerPending", "The load balancer has no address yet", of);
}

/** A Service that has no load balancer to be asked. */
export function whyNoBalancer(world: World, service: Service, from: string): Finding {
  const { namespace, name } = service.metadata;
  const [port] = service.spec.ports ?? [];
  const { cloud } = world.config;
  const node = nodeToAsk(world, service);
  const at = `${namespace}/${name}:${port?.port ?? ""}`;
  const nodePort: readonly Fix[] =
    node !== undefined && port?.nodePort
      ? [{ title: `Ask ${node} at its nodePort`, send: { from, to: `nodeport/${node}/${at}` } }]
      : [];
  if (service.spec.type !== "LoadBalancer")
    return {
      code: "NotALoadBalancer",
      title: "The Service has no load balancer",
      cause: `${nameOf(service)} is of type ${service.spec.type}: no cloud makes a load balancer for it.`,
      objects: [objectKey(service)],
      look: [kubectl(`get service ${name}`, namespace, service.spec.type)],
      fix: [
        ...(service.spec.type === "ExternalName" || cloud === "none"
          ? []
          : [
              {
                title: "Make it a LoadBalancer Service; the cloud needs a while",
                edits: [patch(service, { spec: { type: "LoadBalancer" } })],
                send: { from, to: `lb/${at}` },
              },
            ]),
        ...nodePort,
      ],
    };
  const refusal = refusalOf(cloud, service);
  const why =
    cloud === "none"
      ? "this cluster has no cloud that makes load balancers (as on bare metal), so EXTERNAL-IP stays <pending> for ever"
      : refusal === undefined
        ? "the cloud is still making it"
        : `the cloud refuses to make it: ${refusal}`;
  return {
    code: "LoadBalancerPending",
    title: "The load balancer has no address yet",
    cause: `${nameOf(service)} is of type LoadBalancer, and ${why}.`,
    ...(refusal === undefined ? {} : { evidence: { what: "event", text: refusal } }),
    objects: [objectKey(service)],
    look: [kubectl(`get service ${name}`, namespace, "<pending>")],
    fix: nodePort,
  };
}
