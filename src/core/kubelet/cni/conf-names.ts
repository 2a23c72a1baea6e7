import type { ClusterConfig, CniName } from "../../api/cluster-config";

/** `name` of the network configuration in /etc/cni/net.d. */
const NAMES: Readonly<Record<CniName, string>> = {
  bridge: "bridge",
  vxlan: "cbr0",
  calico: "k8s-pod-network",
  "aws-vpc": "aws-cni",
};

/** The first plugin of the list as libcni calls it in errors: with its name where its own entry has one. */
const TYPES: Readonly<Record<CniName, string>> = {
  bridge: 'type="bridge" name="bridge"',
  vxlan: 'type="flannel"',
  calico: 'type="calico"',
  "aws-vpc": 'type="aws-cni" name="aws-cni"',
};

export function confNameOf({ cni }: Pick<ClusterConfig, "cni">): string {
  return NAMES[cni];
}

export function pluginTypeOf({ cni, multus }: Pick<ClusterConfig, "cni" | "multus">): string {
  return multus ? 'type="multus" name="multus-cni-network"' : TYPES[cni];
}
