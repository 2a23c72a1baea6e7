import { type ComponentType, memo } from "react";
import type { NodeProps, NodeTypes } from "reactflow";
import { answeredOn, useTraffic } from "../../stores/traffic";
import { Glyph } from "./Glyph";
import type {
  CanvasNode,
  GatewayNode,
  HostNode,
  LoadBalancerNode,
  PartNode,
  PodNode,
  RoomNode,
  ServiceNode,
  ZoneNode,
} from "./graph";
import { LISTED_PORTS, LISTED_TARGETS } from "./layout";
import { PodContainers } from "./PodContainers";
import { podStatus } from "./podStatus";
import { useTrailMark } from "./trail-marks";

/** A box that the packet can be in: it gets a class that says so. */
function marked<N extends CanvasNode>(
  Box: ComponentType<NodeProps<N> & { readonly mark: string }>,
): ComponentType<NodeProps<N>> {
  return memo(function Marked(props: NodeProps<N>) {
    return <Box {...props} mark={useTrailMark(props.id)} />;
  });
}

const Zone = memo(function Zone({ id, data }: NodeProps<ZoneNode>) {
  return (
    <div className={`cv-zone cv-zone-${id.slice(id.indexOf("/") + 1)}`}>
      <div className="cv-zone-title">
        {data.title}
        {data.detail && <span className="cv-zone-detail">{data.detail}</span>}
      </div>
    </div>
  );
});

const HostCard = marked<HostNode>(function HostCard({ data: { host, groups }, mark }) {
  const { ip, hostnames = [], listens, zone, podNetwork = false } = host.spec;
  const isClient = (listens?.length ?? 0) === 0 && zone === "internet";
  return (
    <div
      className={`cv-card cv-host ${isClient ? "cv-client" : ""} ${mark}`}
      title={hostnames.join(", ")}
    >
      <div className="cv-title">
        <Glyph name={isClient ? "user" : "server"} />
        <span className="cv-clip">{host.metadata.name}</span>
      </div>
      <div className="cv-mono">{ip}</div>
      <Groups names={groups} />
      {groups.length === 0 && podNetwork && (
        <div className="cv-small cv-clip">in the pod network</div>
      )}
      {groups.length === 0 && !podNetwork && hostnames[0] && (
        <div className="cv-small cv-clip">{hostnames[0]}</div>
      )}
    </div>
  );
});

const Gateway = marked<GatewayNode>(function Gateway({ id, data, mark }) {
  return (
    <div className={`cv-card cv-gateway cv-gateway-${id} ${mark}`}>
      <div className="cv-title">
        <Glyph name={id === "internet" ? "globe" : id === "vpc" ? "router" : "gate"} />
        <span className="cv-clip">{data.title}</span>
      </div>
      <div className={id === "natgw" ? "cv-mono" : "cv-small"}>{data.detail}</div>
    </div>
  );
});

const LoadBalancer = marked<LoadBalancerNode>(function LoadBalancer({
  data: { view, groups },
  mark,
}) {
  const name = view.service.slice(view.service.indexOf("/") + 1);
  const isNlb = view.kind === "nlb";
  return (
    <div className={`cv-card cv-elb ${isNlb ? "cv-nlb" : ""} ${mark}`} title={view.hostname}>
      <div className="cv-title">
        <Glyph name={isNlb ? "passes" : "balance"} />
        <span className="cv-clip">
          {isNlb ? "NLB" : "ELB"} {name}
        </span>
      </div>
      <div className="cv-mono">{view.ip}</div>
      {view.ports.slice(0, LISTED_PORTS).map(({ protocol, port, nodePort }) => (
        <div className="cv-mono" key={`${protocol}${port}`}>
          :{port} → nodes:{nodePort}
        </div>
      ))}
      <Targets targets={view.targets} />
      {view.failsOpen && <div className="cv-state cv-clip cv-warn">! sends to all</div>}
      <Groups names={groups} />
    </div>
  );
});

/** The security groups at a network card. */
function Groups({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <div className="cv-small cv-group" title={`security groups: ${names.join(", ")}`}>
      <Glyph name="shield" />
      <span className="cv-clip">{names.join(", ")}</span>
    </div>
  );
}

function Targets({ targets }: { targets: LoadBalancerNode["data"]["view"]["targets"] }) {
  if (targets.length === 0) return <div className="cv-state cv-bad">✕ no targets</div>;
  if (targets.length > LISTED_TARGETS) {
    const healthy = targets.filter((target) => target.healthy).length;
    return (
      <>
        <div className={`cv-state ${healthy > 0 ? "cv-ok" : "cv-muted"}`}>
          {healthy > 0 ? "●" : "○"} {healthy} nodes healthy
        </div>
        {healthy < targets.length && (
          <div className="cv-state cv-bad">✕ {targets.length - healthy} unhealthy</div>
        )}
      </>
    );
  }
  return targets.map(({ node, healthy, reason }) => (
    <div className={`cv-state cv-clip ${healthy ? "cv-ok" : "cv-bad"}`} key={node} title={reason}>
      {healthy ? "●" : "✕"} {node} {healthy ? "healthy" : "unhealthy"}
    </div>
  ));
}

const ServiceCard = memo(function ServiceCard({ data }: NodeProps<ServiceNode>) {
  const { metadata, spec } = data.service;
  const selector = Object.entries(spec.selector ?? {}).map((pair) => pair.join("="));
  const nodePorts = (spec.ports ?? []).flatMap((port) => port.nodePort ?? []);
  const namespace = metadata.namespace === "default" ? "" : metadata.namespace;
  const { pending } = data;
  return (
    <div className="cv-card cv-service" title={`Service ${metadata.namespace}/${metadata.name}`}>
      <div className="cv-title">
        <span className="cv-clip">{metadata.name}</span>
        <span className={`cv-badge ${pending ? "cv-badge-pending" : ""}`} title={pending}>
          {pending ? "<pending>" : spec.clusterIP === "None" ? "headless" : spec.type}
        </span>
      </div>
      <div className="cv-mono cv-clip">{frontOf(data.service)}</div>
      <div className="cv-mono cv-clip">
        {[nodePorts.length > 0 && `nodePort ${nodePorts.join(",")}`, ...selector]
          .filter(Boolean)
          .join(" · ") || (spec.type === "ExternalName" ? "" : "no selector")}
      </div>
      <div className="cv-title">
        <EndpointCount {...data} isShort={namespace !== ""} />
        {namespace && <span className="cv-small cv-clip">{namespace}</span>}
      </div>
    </div>
  );
});

/** `isShort`: the namespace stands beside it. */
function EndpointCount(props: ServiceNode["data"] & { readonly isShort: boolean }) {
  const { service, ready, total, isShort } = props;
  if (service.spec.type === "ExternalName")
    return <span className="cv-state cv-muted">DNS only</span>;
  if (total === 0) return <span className="cv-state cv-bad">✕ no endpoints</span>;
  if (ready === 0) return <span className="cv-state cv-bad">✕ 0 of {total} endpoints ready</span>;
  if (ready < total) {
    return (
      <span className="cv-state cv-warn">
        ○ {ready} of {total} {isShort ? "" : "endpoints "}ready
      </span>
    );
  }
  return (
    <span className="cv-state cv-ok">
      ● {ready} {isShort ? "" : ready === 1 ? "endpoint " : "endpoints "}ready
    </span>
  );
}

function frontOf({ spec }: ServiceNode["data"]["service"]): string {
  if (spec.type === "ExternalName") return `CNAME → ${spec.externalName ?? ""}`;
  const ports = (spec.ports ?? []).map(({ port, protocol }) =>
    protocol === "TCP" ? `${port}` : `${port}/${protocol.toLowerCase()}`,
  );
  return spec.clusterIP === "None" ? "no clusterIP" : `${spec.clusterIP ?? "…"}:${ports.join(",")}`;
}

const Room = memo(function Room({ data }: NodeProps<RoomNode>) {
  const isReady = data.condition === "Ready";
  return (
    <div className={`cv-room ${isReady ? "" : "cv-room-bad"}`}>
      <div className="cv-room-title">
        <span className="cv-room-name">{data.name}</span>
        <span className="cv-mono">{data.ip}</span>
        {data.publicIp && <span className="cv-mono cv-room-extra">public {data.publicIp}</span>}
        <span className="cv-mono cv-room-extra">pods {data.podCIDR || "–"}</span>
        <span className="cv-room-extra">
          <Groups names={data.groups} />
        </span>
        <span className={`cv-state cv-room-state ${isReady ? "cv-ok" : "cv-bad"}`}>
          {isReady ? "● Ready" : `✕ ${data.condition}`}
          {data.cordoned && <span className="cv-warn"> · cordoned</span>}
        </span>
      </div>
      <dl className="cv-tile">
        <div className={`cv-tile-row ${data.readyPods < data.pods ? "cv-bad" : "cv-ok"}`}>
          <dt>{data.readyPods < data.pods ? "○" : "●"} pods ready</dt>
          <dd>
            {data.readyPods}/{data.pods}
          </dd>
        </div>
        <div className="cv-tile-row">
          <dt>conntrack</dt>
          <dd>{data.conntrackEntries}</dd>
        </div>
        <Bar share={data.load} />
        <Answered node={data.name} />
        <div className="cv-tile-row">
          <dt>rules</dt>
          <dd>{data.rules}</dd>
        </div>
      </dl>
      {data.condition === "down" && <div className="cv-room-down">machine is down</div>}
    </div>
  );
});

function Bar({ share }: { readonly share: number }) {
  return (
    <div className="cv-tile-bar" aria-hidden="true">
      <div className="cv-tile-share" style={{ width: `${100 * share}%` }} />
    </div>
  );
}

/** Of a load: how many requests were answered on this node, and its share of them. */
function Answered({ node }: { readonly node: string }) {
  const count = useTraffic((state) => answeredOn(state, node));
  const sum = useTraffic((state) => answeredOn(state));
  if (sum === 0) return null;
  return (
    <>
      <div className="cv-tile-row">
        <dt>answered</dt>
        <dd>{count}</dd>
      </div>
      <Bar share={count / sum} />
    </>
  );
}

const NAMED_PARTS = /^(eth0|cni0|route|local|iptables|kube-proxy)$/;

const Part = marked<PartNode>(function Part({ data: { part, detail, tone }, mark }) {
  return (
    <div
      className={`cv-part ${NAMED_PARTS.test(part) ? `cv-part-${part}` : "cv-part-device"} ${tone === "bad" ? "cv-part-bad" : ""} ${mark}`}
    >
      <div className="cv-part-name">{part}</div>
      {detail && <div className={`cv-small cv-clip cv-${tone}`}>{detail}</div>}
    </div>
  );
});

const PodCard = marked<PodNode>(function PodCard({ data: { pod, runtime }, mark }) {
  const { symbol, word, tone } = podStatus(pod, runtime);
  const { name, namespace } = pod.metadata;
  return (
    <div
      className={`cv-pod cv-pod-${tone} ${(runtime?.interfaces.length ?? 0) > 1 ? "cv-pod-many" : ""} ${namespace.startsWith("kube-") ? "cv-pod-system" : ""} ${mark}`}
      title={`${namespace}/${name}`}
    >
      <div className="cv-pod-name cv-clip">{shortPodName(pod)}</div>
      {addressesOf(pod, runtime).map((address) => (
        <div className="cv-mono cv-clip" key={address}>
          {address}
        </div>
      ))}
      <div className={`cv-state cv-clip cv-${tone}`}>
        <span className="cv-symbol">{symbol}</span>{" "}
        <span className="cv-word">
          {word}
          {pod.spec.containers.length > 1 && ` · ${pod.spec.containers.length} containers`}
        </span>
      </div>
      <PodContainers pod={pod} runtime={runtime} />
    </div>
  );
});

/** Its own, and those of further interfaces. */
function addressesOf(
  pod: PodNode["data"]["pod"],
  runtime: PodNode["data"]["runtime"],
): readonly string[] {
  if (pod.spec.hostNetwork) {
    const ports = new Set((runtime?.listens ?? []).map(({ port }) => `:${port}`));
    return [["node’s network", ...ports].join(" ")];
  }
  const [, ...further] = runtime?.interfaces ?? [];
  const own = pod.status.podIP ?? "no IP yet";
  return [own, ...further.map(({ name, ip }) => `${name} ${ip}`)];
}

/** Without the ReplicaSet's hash: `kuard-6b7f8d9c5-x7k2p` is told from its siblings by `x7k2p`. */
function shortPodName({ metadata }: PodNode["data"]["pod"]): string {
  const owner = metadata.ownerReferences?.find((one) => one.kind === "ReplicaSet")?.name;
  const deployment = owner?.slice(0, owner.lastIndexOf("-"));
  return owner && metadata.name.startsWith(`${owner}-`)
    ? `${deployment}-…${metadata.name.slice(owner.length)}`
    : metadata.name;
}

export const NODE_TYPES: NodeTypes = {
  zone: Zone,
  host: HostCard,
  gateway: Gateway,
  loadBalancer: LoadBalancer,
  service: ServiceCard,
  room: Room,
  part: Part,
  pod: PodCard,
};
