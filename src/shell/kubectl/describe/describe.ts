import type { KubeObject } from "../../../core/api/types";
import type { KubeApi } from "../api";
import { describeNamespace, describeNode, describeOther } from "./cluster";
import { describeIngress } from "./ingress";
import { describeEndpointSlice, describeEndpoints, describeService } from "./network";
import { describePod } from "./pod";
import { alignTabs } from "./tabs";
import { describeDaemonSet, describeDeployment, describeReplicaSet } from "./workloads";

/** What `kubectl describe` prints of one object. */
export function describeObject(object: KubeObject, api: KubeApi): string {
  return alignTabs(rawDescription(object, api));
}

function rawDescription(object: KubeObject, api: KubeApi): string {
  switch (object.kind) {
    case "Pod":
      return describePod(object, api);
    case "Service":
      return describeService(object, api);
    case "Ingress":
      return describeIngress(object, api);
    case "Endpoints":
      return describeEndpoints(object, api);
    case "EndpointSlice":
      return describeEndpointSlice(object, api);
    case "Deployment":
      return describeDeployment(object, api);
    case "ReplicaSet":
      return describeReplicaSet(object, api);
    case "DaemonSet":
      return describeDaemonSet(object, api);
    case "Node":
      return describeNode(object, api);
    case "Namespace":
      return describeNamespace(object);
    default:
      return describeOther(object, api);
  }
}
