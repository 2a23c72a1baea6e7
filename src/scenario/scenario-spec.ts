import { decodeValue } from "../core/api/decode-value";
import { LAG_NAMES } from "../core/api/lags";
import {
  any,
  bool,
  int32,
  int64,
  list,
  string,
  stringMap,
  strings,
  struct,
} from "../core/api/schema";
import { SECURITY_GROUP_SPEC } from "../core/api/schemas/cluster";
import { TYPE_META } from "../core/api/schemas/meta";
import type { SecurityGroup } from "../core/api/types";
import type { LagsSpec } from "./lags";

/** `kind: Scenario` as it is written. */
export interface ScenarioSpec {
  readonly title?: string;
  readonly description?: string;
  readonly seed?: number;
  readonly clusterCIDR?: string;
  readonly serviceCIDR?: string;
  readonly cni?: string;
  readonly multus?: boolean;
  readonly podRoutes?: string;
  readonly cloud?: string;
  readonly natGateway?: string;
  readonly suggestions?: readonly SuggestionSpec[];
  readonly securityGroups?: readonly SecurityGroupSpec[];
  readonly addons?: readonly string[];
  readonly kubeProxy?: KubeProxySpec;
  readonly lags?: LagsSpec;
  readonly nodeOptions?: NodeOptionsSpec;
  readonly layout?: unknown;
  readonly lesson?: unknown;
}

/** One thing to try, as it is written. */
export interface SuggestionSpec {
  readonly title?: string;
  readonly from?: string;
  readonly to?: string;
  readonly url?: string;
  readonly command?: string;
}

/** A security group, as the SecurityGroup of that name. */
export type SecurityGroupSpec = { readonly name?: string } & SecurityGroup["spec"];

/** How the machines under the nodes are set up. */
export interface NodeOptionsSpec {
  readonly hairpinMode?: boolean;
  readonly bridgeNfCallIptables?: boolean;
  readonly rpFilter?: number;
  readonly sourceDestCheck?: boolean;
}

export interface KubeProxySpec {
  readonly mode?: string;
  readonly clusterCIDR?: string;
  readonly detectLocalMode?: string;
  readonly detectLocal?: {
    readonly bridgeInterface?: string;
    readonly interfaceNamePrefix?: string;
  };
  readonly nodePortAddresses?: readonly string[];
  readonly iptables?: {
    readonly masqueradeAll?: boolean;
    readonly masqueradeBit?: number;
    readonly localhostNodePorts?: boolean;
    readonly minSyncPeriod?: string;
  };
  readonly conntrack?: { readonly tcpBeLiberal?: boolean };
}

const KUBE_PROXY = struct("v1alpha1.KubeProxyConfiguration", {
  mode: string,
  clusterCIDR: string,
  detectLocalMode: string,
  detectLocal: struct("v1alpha1.DetectLocalConfiguration", {
    bridgeInterface: string,
    interfaceNamePrefix: string,
  }),
  nodePortAddresses: strings,
  iptables: struct("v1alpha1.KubeProxyIPTablesConfiguration", {
    masqueradeAll: bool,
    masqueradeBit: int32,
    localhostNodePorts: bool,
    minSyncPeriod: string,
  }),
  conntrack: struct("v1alpha1.KubeProxyConntrackConfiguration", { tcpBeLiberal: bool }),
});

const LAGS = struct("v1alpha1.Lags", {
  ...Object.fromEntries(LAG_NAMES.map((name) => [name, string])),
  proxyWatchOn: stringMap,
});

const SCENARIO = struct("v1alpha1.Scenario", {
  ...TYPE_META,
  spec: struct("v1alpha1.ScenarioSpec", {
    title: string,
    description: string,
    seed: int64,
    clusterCIDR: string,
    serviceCIDR: string,
    cni: string,
    multus: bool,
    podRoutes: string,
    cloud: string,
    natGateway: string,
    suggestions: list(
      struct("v1alpha1.Suggestion", {
        title: string,
        from: string,
        to: string,
        url: string,
        command: string,
      }),
    ),
    securityGroups: list(
      struct("v1alpha1.SecurityGroup", { name: string, ...SECURITY_GROUP_SPEC }),
    ),
    addons: list(string),
    kubeProxy: KUBE_PROXY,
    lags: LAGS,
    nodeOptions: struct("v1alpha1.NodeOptions", {
      hairpinMode: bool,
      bridgeNfCallIptables: bool,
      rpFilter: int32,
      sourceDestCheck: bool,
    }),
    layout: any,
    lesson: any,
  }),
});

/** Every mistake of type or name; the value means something only without them. */
export function decodeScenario(manifest: unknown) {
  const { value, typeErrors, unknownFields } = decodeValue(SCENARIO, manifest);
  const scenario = value as { metadata?: { name?: string }; spec?: ScenarioSpec };
  return {
    name: scenario.metadata?.name,
    spec: scenario.spec ?? {},
    errors: [
      ...typeErrors,
      ...unknownFields.map(({ field, message }) => ({
        field,
        message: `strict decoding error: ${message}`,
      })),
    ],
  };
}
