import type { Kind, KindMap, KubeObject } from "../../../core/api/types";
import { eventTable, hostTable, namespaceTable, nodeTable, plainTable } from "./cluster";
import { ingressTable } from "./ingress";
import { endpointSliceTable, endpointsTable, serviceTable } from "./network";
import { podTable } from "./pod";
import type { TableOf } from "./table";
import { daemonSetTable, deploymentTable, replicaSetTable } from "./workloads";

const TABLES: { readonly [K in Kind]?: TableOf<KindMap[K]> } = {
  DaemonSet: daemonSetTable,
  Deployment: deploymentTable,
  Endpoints: endpointsTable,
  EndpointSlice: endpointSliceTable,
  Event: eventTable,
  Host: hostTable,
  Ingress: ingressTable,
  Namespace: namespaceTable,
  Node: nodeTable,
  Pod: podTable,
  ReplicaSet: replicaSetTable,
  Service: serviceTable,
};

export function tableOf(kind: Kind): TableOf<KubeObject> {
  return (TABLES[kind] as TableOf<KubeObject> | undefined) ?? plainTable;
}
