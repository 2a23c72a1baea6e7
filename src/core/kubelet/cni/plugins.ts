import type { ClusterConfig, CniName } from "../../api/cluster-config";
import { awsVpc } from "./aws-vpc";
import { bridge } from "./bridge";
import { calico } from "./calico";
import type { CniPlugin } from "./plugin";
import { vxlan } from "./vxlan";

const PLUGINS: Readonly<Record<CniName, CniPlugin>> = { bridge, vxlan, calico, "aws-vpc": awsVpc };

export function pluginOf({ cni }: Pick<ClusterConfig, "cni">): CniPlugin {
  return PLUGINS[cni];
}
