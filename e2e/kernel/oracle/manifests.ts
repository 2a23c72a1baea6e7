import { parseAllDocuments } from "yaml";

/** Only what decides who should answer, as users write it. */
export interface Manifest {
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
  readonly items?: readonly Manifest[];
}

export type Labels = Readonly<Record<string, string>>;

export interface ServiceManifest extends Manifest {
  readonly spec: {
    readonly type?: string;
    readonly selector?: Labels;
    readonly clusterIP?: string;
    readonly externalIPs?: readonly string[];
    readonly externalTrafficPolicy?: string;
    readonly internalTrafficPolicy?: string;
    readonly trafficDistribution?: string;
    readonly loadBalancerSourceRanges?: readonly string[];
    readonly publishNotReadyAddresses?: boolean;
    readonly ports?: readonly ServicePortManifest[];
  };
}

export interface ServicePortManifest {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
}

export interface PodManifest extends Manifest {
  readonly spec: { readonly containers: readonly ContainerManifest[] };
  readonly status?: { readonly conditions?: readonly object[] };
}

export interface ContainerManifest {
  readonly ports?: readonly {
    readonly name?: string;
    readonly containerPort: number;
    readonly protocol?: string;
  }[];
  readonly readinessProbe?: {
    readonly tcpSocket?: { readonly port: number | string };
    readonly httpGet?: { readonly port: number | string };
  };
}

export interface SliceManifest extends Manifest {
  readonly ports?: readonly PortRow[];
  readonly endpoints: readonly {
    readonly addresses: readonly string[];
    readonly nodeName?: string;
    readonly conditions?: {
      readonly ready?: boolean;
      readonly serving?: boolean;
      readonly terminating?: boolean;
    };
    readonly hints?: { readonly forZones?: readonly { readonly name: string }[] };
  }[];
}

export interface EndpointsManifest extends Manifest {
  readonly subsets?: readonly {
    readonly addresses?: readonly EndpointsAddress[];
    readonly notReadyAddresses?: readonly EndpointsAddress[];
    readonly ports?: readonly PortRow[];
  }[];
}

interface EndpointsAddress {
  readonly ip: string;
  readonly nodeName?: string;
}

export interface PortRow {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
}

interface HostManifest extends Manifest {
  readonly spec: { readonly podNetwork?: boolean };
}

export interface ScenarioSpec {
  readonly cni?: string;
  readonly clusterCIDR?: string;
  readonly podRoutes?: string;
  readonly natGateway?: string;
  readonly addons?: readonly string[];
  readonly kubeProxy?: {
    readonly clusterCIDR?: string;
    readonly detectLocalMode?: string;
    readonly detectLocal?: {
      readonly bridgeInterface?: string;
      readonly interfaceNamePrefix?: string;
    };
    readonly nodePortAddresses?: readonly string[];
    readonly iptables?: { readonly localhostNodePorts?: boolean };
  };
  readonly nodeOptions?: {
    readonly hairpinMode?: boolean;
    readonly bridgeNfCallIptables?: boolean;
    readonly rpFilter?: number;
    readonly sourceDestCheck?: boolean;
  };
}

interface Workload extends Manifest {
  readonly spec: { readonly template: PodManifest };
}

/** How many parts a controller's pods' names have after its own. */
const NAME_PARTS: Readonly<Record<string, number>> = { Deployment: 2, ReplicaSet: 1, DaemonSet: 1 };

/** The documents of a scenario; a later one of the same name takes the place of an earlier one. */
export class Manifests {
  readonly #documents: ReadonlyMap<string, Manifest>;

  constructor(documents: readonly Manifest[]) {
    this.#documents = new Map(
      documents
        .flatMap((document) => (document.kind === "List" ? (document.items ?? []) : [document]))
        .map((document) => [keyOf(document), document]),
    );
  }

  static parse(text: string): Manifests {
    return new Manifests(
      parseAllDocuments(text).flatMap((document) => (document.toJS() as Manifest | null) ?? []),
    );
  }

  /** Machines outside the cluster that take part in the pod network. */
  get joinedHosts(): ReadonlySet<string> {
    const hosts = this.#ofKind("Host") as readonly HostManifest[];
    const joined = hosts.filter(({ spec }) => spec.podNetwork === true);
    return new Set(joined.map(({ metadata }) => metadata?.name ?? ""));
  }

  get documents(): readonly Manifest[] {
    return [...this.#documents.values()];
  }

  get scenario(): ScenarioSpec {
    const found = this.#ofKind("Scenario")[0] as { readonly spec?: ScenarioSpec } | undefined;
    return found?.spec ?? {};
  }

  get services(): readonly ServiceManifest[] {
    return this.#ofKind("Service") as readonly ServiceManifest[];
  }

  get slices(): readonly SliceManifest[] {
    return this.#ofKind("EndpointSlice") as readonly SliceManifest[];
  }

  get endpoints(): readonly EndpointsManifest[] {
    return this.#ofKind("Endpoints") as readonly EndpointsManifest[];
  }

  labelsOfNode(name: string): Labels {
    const node = this.#ofKind("Node").find(({ metadata }) => metadata?.name === name);
    return node?.metadata?.labels ?? {};
  }

  /** The manifest of a running pod: its own, or the template of the controller that its name comes from. */
  podOf(namespace: string, name: string): PodManifest | undefined {
    const own = this.#documents.get(keyOf({ kind: "Pod", metadata: { namespace, name } }));
    if (own) return own as PodManifest;
    for (const [kind, parts] of Object.entries(NAME_PARTS)) {
      const owner = name.split("-").slice(0, -parts).join("-");
      const found = this.#documents.get(keyOf({ kind, metadata: { namespace, name: owner } }));
      if (found) return (found as Workload).spec.template;
    }
    return undefined;
  }

  #ofKind(kind: string): readonly Manifest[] {
    return this.documents.filter((document) => document.kind === kind);
  }
}

export function namespaceOf({ metadata }: Manifest): string {
  return metadata?.namespace ?? "default";
}

function keyOf(document: Manifest): string {
  return `${document.kind}/${namespaceOf(document)}/${document.metadata?.name}`;
}
