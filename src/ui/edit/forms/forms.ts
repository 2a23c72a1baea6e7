import type { FormKind } from "../../../stores/edit";
import { EndpointSliceForm } from "./EndpointSliceForm";
import { IngressForm } from "./IngressForm";
import { HostForm, NamespaceForm, NodeForm } from "./machines";
import { SecurityGroupForm } from "./SecurityGroupForm";
import { ServiceForm } from "./ServiceForm";
import { DaemonSetForm, DeploymentForm, PodForm, ReplicaSetForm } from "./workloads";

export const FORMS: Readonly<Record<FormKind, () => React.JSX.Element>> = {
  Service: ServiceForm,
  Ingress: IngressForm,
  Deployment: DeploymentForm,
  Pod: PodForm,
  ReplicaSet: ReplicaSetForm,
  DaemonSet: DaemonSetForm,
  EndpointSlice: EndpointSliceForm,
  Node: NodeForm,
  Namespace: NamespaceForm,
  Host: HostForm,
  SecurityGroup: SecurityGroupForm,
};
