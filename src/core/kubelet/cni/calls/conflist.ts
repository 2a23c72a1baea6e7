import type { ClusterConfig, CniName } from "../../../api/cluster-config";
import type { JsonObject } from "../../../api/json";
import { formatCidr } from "../../../net/cidr";
import { podRangeOf } from "../bridge";
import { confNameOf } from "../conf-names";
import type { CniNode } from "../node";
import { MTU as TUNNEL_MTU } from "../vxlan";

/** A network configuration list: what the runtime runs for each pod, plugin after plugin. */
export interface Conflist {
  readonly cniVersion: string;
  readonly name: string;
  readonly plugins: readonly JsonObject[];
  readonly disableCheck?: boolean;
}

const FILES: Readonly<Record<CniName, string>> = {
  bridge: "10-bridge.conflist",
  vxlan: "10-flannel.conflist",
  calico: "10-calico.conflist",
  "aws-vpc": "10-aws.conflist",
};

export function conflistFile({ cni }: Pick<ClusterConfig, "cni">): string {
  return `/etc/cni/net.d/${FILES[cni]}`;
}

/** Whether hosts' addresses are translated on the way in: hostPorts. */
const PORTMAP: JsonObject = { type: "portmap", capabilities: { portMappings: true } };
const PORTMAP_SNAT: JsonObject = {
  type: "portmap",
  snat: true,
  capabilities: { portMappings: true },
};
const BANDWIDTH: JsonObject = { type: "bandwidth", capabilities: { bandwidth: true } };

/** The pod network's list, as its project ships it.
 *  Sources: containernetworking/plugins; flannel, Documentation/kube-flannel.yml; Calico, manifests/calico.yaml;
 *  amazon-vpc-cni-k8s, misc/10-aws.conflist. */
export function conflistOf(config: ClusterConfig, node: CniNode): Conflist {
  const name = confNameOf(config);
  switch (config.cni) {
    case "bridge": {
      const { podCidr } = node;
      const ranges = podCidr ? [[{ subnet: formatCidr(podCidr) }]] : [];
      const main = {
        type: "bridge",
        name: "bridge",
        bridge: "cni0",
        isGateway: true,
        hairpinMode: config.options.hairpinMode,
        ipam: { type: "host-local", ranges, routes: [{ dst: "0.0.0.0/0" }] },
      };
      return { cniVersion: "1.0.0", name, plugins: [main, PORTMAP_SNAT, BANDWIDTH] };
    }
    case "vxlan": {
      const delegate = { hairpinMode: config.options.hairpinMode, isDefaultGateway: true };
      return { cniVersion: "0.3.1", name, plugins: [{ type: "flannel", delegate }, PORTMAP] };
    }
    case "calico":
      return {
        cniVersion: "0.3.1",
        name,
        plugins: [calicoConf(node), PORTMAP_SNAT, BANDWIDTH],
      };
    case "aws-vpc":
      return {
        cniVersion: "0.4.0",
        name,
        disableCheck: true,
        plugins: [AWS, EGRESS, PORTMAP_SNAT],
      };
  }
}

function calicoConf({ name }: CniNode): JsonObject {
  return {
    type: "calico",
    log_level: "info",
    log_file_path: "/var/log/calico/cni/cni.log",
    datastore_type: "kubernetes",
    nodename: name,
    mtu: 1_500,
    ipam: { type: "calico-ipam" },
    policy: { type: "k8s" },
    kubernetes: { kubeconfig: "/etc/cni/net.d/calico-kubeconfig" },
  };
}

const AWS: JsonObject = {
  name: "aws-cni",
  type: "aws-cni",
  vethPrefix: "eni",
  mtu: "9001",
  podSGEnforcingMode: "strict",
  pluginLogFile: "/var/log/aws-routed-eni/plugin.log",
  pluginLogLevel: "DEBUG",
};

/** For IPv6 only; it is switched off and hands on what it is given. */
const EGRESS: JsonObject = {
  name: "egress-cni",
  type: "egress-cni",
  mtu: "9001",
  enabled: "false",
  randomizeSNAT: "prng",
  nodeIP: "",
  ipam: {
    type: "host-local",
    ranges: [[{ subnet: "fd00::ac:00/118" }]],
    routes: [{ dst: "::/0" }],
    dataDir: "/run/cni/v4pd/egress-v6-ipam",
  },
  pluginLogFile: "/var/log/aws-routed-eni/egress-v6-plugin.log",
  pluginLogLevel: "DEBUG",
};

/** What flannel's plugin makes of its own entry and /run/flannel/subnet.env for the bridge plugin.
 *  Source: flannel-io/cni-plugin, flannel_linux.go. */
export function flannelDelegate(config: ClusterConfig, { podCidr }: CniNode): JsonObject {
  const network = podRangeOf(config);
  return {
    cniVersion: "0.3.1",
    name: "cbr0",
    type: "bridge",
    hairpinMode: config.options.hairpinMode,
    ipMasq: false,
    isDefaultGateway: true,
    isGateway: true,
    mtu: TUNNEL_MTU,
    ipam: {
      type: "host-local",
      ranges: podCidr ? [[{ subnet: formatCidr(podCidr) }]] : [],
      routes: network ? [{ dst: formatCidr(network) }] : [],
    },
  };
}

/** Where Multus comes first, and calls the pod network's plugins itself.
 *  Source: multus-cni, deployments/multus-daemonset.yml. */
export function multusConf(config: ClusterConfig, node: CniNode): JsonObject {
  return {
    cniVersion: "0.3.1",
    name: "multus-cni-network",
    type: "multus",
    capabilities: { portMappings: true, bandwidth: true },
    kubeconfig: "/etc/cni/net.d/multus.d/multus.kubeconfig",
    delegates: [conflistOf(config, node)],
  };
}
