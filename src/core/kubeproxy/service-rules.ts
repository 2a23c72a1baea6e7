import type { EndpointSlice, Service } from "../api/types";
import type { Chain, Rule } from "../dataplane/netfilter/rules";
import { formatCidr } from "../net/cidr";
import {
  type ChosenEndpoints,
  choiceKey,
  chooseEndpoints,
  collectEndpoints,
  type EndpointSet,
} from "./endpoints";
import { allowsNode, type PortRules, portRules } from "./port-rules";
import { type ProxiedPort, proxiedPorts } from "./service-ports";
import { detectorOn, type NodeView, type ProxySettings } from "./settings";

/** A Service and its EndpointSlices as kube-proxy reads them: the same on every node. */
export interface ServiceView {
  /** `namespace/name`. */
  readonly key: string;
  readonly ports: readonly { readonly port: ProxiedPort; readonly set: EndpointSet }[];
  /** Endpoints of all ports, ready or not. */
  readonly endpointCount: number;
}

/** All that one Service adds to one node's rules. The very same object on all nodes that choose alike. */
export interface ServiceRules extends Omit<PortRules, "chains"> {
  readonly view: ServiceView;
  /** Of the nat table, by name. */
  readonly chains: ReadonlyMap<string, Chain>;
}

/** As many versions of a Service's slices are kept as nodes may be apart while they catch up. */
const KEPT_VIEWS = 4;

/** A Service as it was read, and the rules that were written from it. */
export interface ServiceReading {
  readonly slices: readonly EndpointSlice[];
  readonly view: ServiceView;
  /** Nothing in it depends on the node. */
  readonly isUniform: boolean;
  readonly bySettings: WeakMap<ProxySettings, Map<string, ServiceRules>>;
}

/** Remembers what was computed from the same objects. A pure cache: any number of worlds may share one. */
export class ServiceRulesCache {
  readonly #views = new WeakMap<Service, ServiceReading[]>();
  readonly #owners = new Map<string, string>();

  rules(
    { view, isUniform, bySettings }: ServiceReading,
    node: NodeView,
    settings: ProxySettings,
    largeCluster: boolean,
  ): ServiceRules {
    let byNode = bySettings.get(settings);
    if (!byNode) {
      byNode = new Map();
      bySettings.set(settings, byNode);
    }
    const key =
      isUniform && settings.detector !== "node-cidr"
        ? `${largeCluster}`
        : nodeKey(view, node, settings, largeCluster);
    let rules = byNode.get(key);
    if (!rules) {
      rules = writeServiceRules(view, node, settings, largeCluster);
      byNode.set(key, rules);
      for (const name of rules.chains.keys()) this.#owners.set(name, view.key);
    }
    return rules;
  }

  /** Which Service a chain name was made for; names are hashes, so they say for ever the same. */
  ownerOf(chain: string): string | undefined {
    return this.#owners.get(chain);
  }

  read(service: Service, slices: readonly EndpointSlice[]): ServiceReading {
    let views = this.#views.get(service);
    if (!views) {
      views = [];
      this.#views.set(service, views);
    }
    const known = views.find((candidate) => sameItems(candidate.slices, slices));
    if (known) return known;
    const view = readService(service, slices);
    const reading = { slices, view, isUniform: isUniform(view), bySettings: new WeakMap() };
    views.push(reading);
    if (views.length > KEPT_VIEWS) views.shift();
    return reading;
  }
}

export function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function readService(service: Service, slices: readonly EndpointSlice[]): ServiceView {
  const ports = proxiedPorts(service).map((port) => ({
    port,
    set: collectEndpoints(port, slices),
  }));
  return {
    key: `${service.metadata.namespace}/${service.metadata.name}`,
    ports,
    endpointCount: ports.reduce((count, { set }) => count + set.endpoints.length, 0),
  };
}

function isUniform(view: ServiceView): boolean {
  return view.ports.every(
    ({ port, set }) =>
      port.sourceRanges.length === 0 &&
      set.sightings === undefined &&
      !(port.usesCluster && (set.nodeHinted || set.zoneHinted)) &&
      !(port.usesLocal && set.endpoints.length > 0),
  );
}

/** Nodes with the same key get the same rules. */
function nodeKey(
  view: ServiceView,
  node: NodeView,
  settings: ProxySettings,
  largeCluster: boolean,
): string {
  let key = largeCluster ? "large" : "";
  if (settings.detector === "node-cidr") key += node.podCIDR ? formatCidr(node.podCIDR) : "none";
  for (const { port, set } of view.ports) {
    key += `|${choiceKey(port, set, node)}`;
    if (port.sourceRanges.length > 0 && allowsNode(port, node.ip)) key += " in-range";
  }
  return key;
}

function writeServiceRules(
  view: ServiceView,
  node: NodeView,
  settings: ProxySettings,
  largeCluster: boolean,
): ServiceRules {
  const options = {
    detector: detectorOn(settings, node),
    masqueradeAll: settings.masqueradeAll,
    nodeIp: node.ip,
    largeCluster,
  };
  const parts = view.ports.map(({ port, set }) => {
    const chosen: ChosenEndpoints = chooseEndpoints(port, set, node);
    return portRules(port, set, chosen, options);
  });
  const all = (of: (part: PortRules) => readonly Rule[]) => parts.flatMap(of);
  return {
    view,
    natServices: all((part) => part.natServices),
    natNodePorts: all((part) => part.natNodePorts),
    filterServices: all((part) => part.filterServices),
    filterExternalServices: all((part) => part.filterExternalServices),
    filterNodePorts: all((part) => part.filterNodePorts),
    filterProxyFirewall: all((part) => part.filterProxyFirewall),
    chains: new Map(parts.flatMap((part) => part.chains).map((chain) => [chain.name, chain])),
  };
}
