import { objectKey, type Pod, type Service, type ServicePort } from "../../api/types";
import { formatIpv4 } from "../../net/ipv4";
import { formatEndpoint } from "../../net/packet";
import { type Case, type Entered, lower, nameOf, objectAt, plain } from "./case";
import { kubectl, listed, podText, servicePorts, ssh } from "./lines";
import { isOpen, type Listening, listeningOf, listeningText, patchPort } from "./objects";
import { whyPod } from "./pods";
import { whyRulesBehind } from "./rules-behind";
import { slicesOf } from "./slices";
import type { Finding, Fix } from "./why";

/** The packet has reached a machine where nothing listens on its port. */
export function whyNoSocket(of: Case): Finding {
  const { hop, entered, world } = of;
  if (hop.direction === "reply") return plain("ReplyLost", "The answer reaches nobody", of);
  const [kind = "", first = "", second = ""] = hop.place.split("/");
  const pod = entered?.endpoint
    ? podBehind(of, entered)
    : kind === "pod"
      ? world.store.find("Pod", first, second)
      : undefined;
  if (pod && entered?.endpoint) return atEndpoint(of, entered, pod);
  if (pod) return atPod(of, pod);
  if (kind === "node") return atNode(of, first);
  if (kind === "elb") return atBalancer(of, first, second);
  return atHost(of, kind, first);
}

/** The pod whose endpoint the rules chose. */
function podBehind({ world, hop }: Case, { service, endpoint = "" }: Entered): Pod | undefined {
  const ip = endpoint.slice(0, endpoint.lastIndexOf(":"));
  const { store } = world;
  for (const { endpoints } of slicesOf(world, service)) {
    const found = endpoints.find(({ addresses }) => addresses[0] === ip)?.targetRef;
    if (found?.kind === "Pod") return store.find("Pod", found.namespace ?? "", found.name);
  }
  const [kind, namespace = "", name = ""] = hop.place.split("/");
  return kind === "pod" ? store.find("Pod", namespace, name) : undefined;
}

function atEndpoint(of: Case, { service, port, endpoint, node }: Entered, pod: Pod): Finding {
  const { world, hop } = of;
  const trouble = whyPod(world, pod, hop.before.dport);
  if (trouble) {
    const behind = whyRulesBehind(
      world,
      node,
      `The rules of ${node} still lead to ${podText(pod)}.`,
    );
    return behind && trouble.code === "PodTerminating" ? behind : trouble;
  }
  const listening = listeningOf(world, pod);
  const { protocol, dport } = hop.before;
  const fitting = listening.filter((one) => one.protocol === protocol && isOpen(one));
  const hidden = hiddenListener(of, pod);
  if (hidden) return { ...hidden, objects: [objectKey(service), ...(hidden.objects ?? [])] };
  const { name, namespace } = service.metadata;
  const target = port && port.targetPort !== dport ? `${port.targetPort} (${dport})` : `${dport}`;
  return {
    code: "WrongTargetPort",
    title: "The Service's targetPort is wrong",
    cause: `${nameOf(service)} sends port ${port?.port ?? "?"} to targetPort ${target}, and pod ${podText(pod)} listens on ${listeningText(listening)}: its kernel refuses the connection to ${endpoint}.`,
    objects: [objectKey(service), objectKey(pod)],
    look: [
      kubectl(
        `get service ${name} -o jsonpath='{.spec.ports[*].targetPort}'`,
        namespace,
        String(port?.targetPort ?? ""),
      ),
      ...listeningLook(pod, listening),
    ],
    fix: port ? fitting.slice(0, 3).map((one) => targetPort(service, port, one)) : [],
  };
}

function targetPort(service: Service, port: ServicePort, { port: number }: Listening): Fix {
  return {
    title: `Set targetPort to ${number}`,
    edits: [patchPort(service, port, { targetPort: number })],
  };
}

/** What the pod's image brings decides which tool can tell; what it declares anybody can read. */
function listeningLook({ metadata, spec }: Pod, listening: readonly Listening[]) {
  const declared = spec.containers.flatMap(({ ports = [] }) => ports);
  const [known] = declared.filter((one) =>
    listening.some((other) => other.port === one.containerPort),
  );
  return [
    kubectl(
      `get pod ${metadata.name} -o jsonpath='{.spec.containers[*].ports}'`,
      metadata.namespace,
      known ? String(known.containerPort) : "",
    ),
  ];
}

/** It listens, but for its own network namespace only. */
function hiddenListener({ world, hop }: Case, pod: Pod): Finding | undefined {
  const { dport, protocol } = hop.before;
  const found = listeningOf(world, pod).find(
    (one) => one.port === dport && one.protocol === protocol && !isOpen(one),
  );
  if (!found) return undefined;
  const { name, namespace } = pod.metadata;
  return {
    code: "ListensOnLocalhost",
    title: "It listens on 127.0.0.1 only",
    cause: `A program of pod ${podText(pod)} listens on ${protocol.toUpperCase()} port ${dport}, but at 127.0.0.1 only: other containers of the pod and \`kubectl port-forward\` reach it there, nobody from outside the pod does.`,
    objects: [objectKey(pod)],
    look: [kubectl(`get pod ${name} -o yaml`, namespace, "127.0.0.1")],
    fix: [
      {
        title: "Ask from inside the pod",
        send: { from: `pod/${podText(pod)}`, to: `127.0.0.1:${dport}/${protocol}` },
      },
    ],
  };
}

function atPod(of: Case, pod: Pod): Finding {
  const trouble = whyPod(of.world, pod, of.hop.before.dport);
  if (trouble) return trouble;
  const hidden = hiddenListener(of, pod);
  if (hidden) return hidden;
  const listening = listeningOf(of.world, pod);
  const { dport, protocol } = of.hop.before;
  return {
    code: "NothingListens",
    title: `Nothing listens on port ${dport}`,
    cause: `No container of pod ${podText(pod)} listens on ${protocol.toUpperCase()} port ${dport}; it listens on ${listeningText(listening)}. The packet has arrived, and the kernel refuses it.`,
    objects: [objectKey(pod)],
    look: listeningLook(pod, listening),
    fix: listening
      .filter(isOpen)
      .slice(0, 3)
      .map((one) => ({
        title: `Ask ${one.protocol.toUpperCase()} port ${one.port}`,
        send: { from: of.asked.from, to: `pod/${podText(pod)}:${one.port}/${one.protocol}` },
      })),
  };
}

function atHost(of: Case, kind: string, name: string): Finding {
  const { dport, protocol, dst } = of.hop.before;
  const listening = of.world.plane.find(`${kind}/${name}`)?.listeners ?? [];
  return {
    code: "NothingListens",
    title: `Nothing listens on port ${dport}`,
    cause: `No program on ${of.hop.node} listens on ${protocol.toUpperCase()} port ${dport}; there it listens on ${listeningText(listening)}.`,
    objects: objectAt(of.hop.place),
    look: kind === "host" ? [ssh(`host/${name}`, "ss -lntu", "Netid")] : [],
    fix: listening.slice(0, 2).map((one) => ({
      title: `Ask ${one.protocol.toUpperCase()} port ${one.port}`,
      send: { from: of.asked.from, to: `${formatIpv4(dst)}:${one.port}/${one.protocol}` },
    })),
  };
}

function atNode(of: Case, node: string): Finding {
  const { world, hop } = of;
  const { dport, protocol } = hop.before;
  const services = [...world.store.list("Service")];
  for (const service of services) {
    const port = service.spec.ports?.find(({ nodePort }) => nodePort === dport);
    if (!port) continue;
    if (lower(port.protocol) !== protocol) return otherProtocol(of, service, port, node);
    const behind = whyRulesBehind(
      world,
      node,
      `${node} has no rule for nodePort ${dport} of ${nameOf(service)}.`,
    );
    if (behind) return behind;
    const { nodePortAddresses = [] } = world.config.kubeProxy;
    if (nodePortAddresses.length > 0) return notOnThisAddress(of, service, node, nodePortAddresses);
  }
  return noServiceHere(of, node, services);
}

function notOnThisAddress(
  { hop }: Case,
  service: Service,
  node: string,
  ranges: readonly string[],
): Finding {
  return {
    code: "NoServiceOnNodePort",
    title: "NodePorts do not answer on this address",
    cause: `kube-proxy on ${node} serves NodePorts only on addresses of ${listed(ranges)} (nodePortAddresses), and ${formatIpv4(hop.before.dst)} is none of them: nothing listens there for ${nameOf(service)}.`,
    objects: [objectKey(service), `Node/${node}`],
    look: [ssh(`node/${node}`, "iptables-save -t nat | grep KUBE-NODEPORTS", "KUBE-NODEPORTS")],
  };
}

function otherProtocol(
  { world, hop, asked }: Case,
  service: Service,
  port: ServicePort,
  node: string,
): Finding {
  const { dport, protocol, dst } = hop.before;
  const { name, namespace } = service.metadata;
  const pods = [...world.store.list("Pod")].filter((pod) =>
    slicesOf(world, service).some(({ endpoints }) =>
      endpoints.some(({ targetRef }) => targetRef?.name === pod.metadata.name),
    ),
  );
  const serves = pods.some((pod) =>
    listeningOf(world, pod).some(
      (one) => one.protocol === protocol && one.port === port.targetPort,
    ),
  );
  return {
    code: "NodePortOtherProtocol",
    title: `NodePort ${dport} is ${port.protocol}, the request ${protocol.toUpperCase()}`,
    cause: `nodePort ${dport} of ${nameOf(service)} is a ${port.protocol} port: kube-proxy's rule on ${node} has -p ${lower(port.protocol)}, so a ${protocol.toUpperCase()} packet passes it by, and no program of the node listens there.`,
    objects: [objectKey(service), `Node/${node}`],
    look: [
      kubectl(`get service ${name}`, namespace, `${dport}/${port.protocol}`),
      ssh(
        `node/${node}`,
        `iptables-save -t nat | grep -e '--dport ${dport}'`,
        `-p ${lower(port.protocol)}`,
      ),
    ],
    fix: [
      {
        title: `Ask over ${port.protocol}`,
        send: { from: asked.from, to: `${formatEndpoint(dst, dport)}/${lower(port.protocol)}` },
      },
      ...(serves
        ? [
            {
              title: `Make it a ${protocol.toUpperCase()} port`,
              edits: [patchPort(service, port, { protocol: upper(protocol) })],
            },
          ]
        : []),
    ],
  };
}

/** Source: kube-apiserver, --service-node-port-range. */
const NODE_PORTS = { from: 30_000, to: 32_767 } as const;

function upper(protocol: string): ServicePort["protocol"] {
  return protocol.toUpperCase() as ServicePort["protocol"];
}

function noServiceHere(
  { world, hop, asked }: Case,
  node: string,
  services: readonly Service[],
): Finding {
  const { dport, protocol, dst } = hop.before;
  const listening = world.plane.find(`node/${node}`)?.listeners ?? [];
  const nodePorts = services.flatMap((service) =>
    (service.spec.ports ?? []).flatMap((port) => (port.nodePort ? [{ service, port }] : [])),
  );
  const meant = nodePorts.filter(({ port }) => port.port === dport || port.targetPort === dport);
  const shown = meant.length > 0 ? meant : nodePorts;
  const words = shown.map(({ service, port }) => `${port.nodePort} (${nameOf(service)})`);
  const isNodePort = dport >= NODE_PORTS.from && dport <= NODE_PORTS.to;
  return {
    code: isNodePort || meant.length > 0 ? "NoServiceOnNodePort" : "NothingListens",
    title: `No Service has port ${dport} of the nodes`,
    cause: `${protocol.toUpperCase()} port ${dport} of ${node} is nobody's: no program of the node listens there, and no Service has it as nodePort${words.length > 0 ? `; there is ${listed(words)}` : ""}.`,
    objects: [`Node/${node}`, ...shown.map(({ service }) => objectKey(service))],
    look: [
      kubectl("get services -A", "", "PORT(S)"),
      ssh(`node/${node}`, "ss -lntu", listening.length > 0 ? "LISTEN" : "Netid"),
    ],
    fix: meant.slice(0, 2).map(({ port }) => ({
      title: `Ask nodePort ${port.nodePort}`,
      send: {
        from: asked.from,
        to: `${formatEndpoint(dst, port.nodePort ?? 0)}/${lower(port.protocol)}`,
      },
    })),
  };
}

function atBalancer({ world, hop, asked }: Case, namespace: string, name: string): Finding {
  const service = world.store.find("Service", namespace, name);
  const { dport, protocol } = hop.before;
  return {
    code: "LoadBalancerPortUnknown",
    title: `The load balancer does not listen on port ${dport}`,
    cause: `The load balancer of Service ${namespace}/${name} has a listener for each port of the Service (${service ? servicePorts(service) : "none"}), and none for ${protocol.toUpperCase()} ${dport}.`,
    objects: [`Service/${namespace}/${name}`],
    look: [kubectl(`get service ${name}`, namespace, name)],
    fix: (service?.spec.ports ?? []).slice(0, 3).map((port) => ({
      title: `Ask port ${port.port}`,
      send: { from: asked.from, to: `lb/${namespace}/${name}:${port.port}` },
    })),
  };
}
