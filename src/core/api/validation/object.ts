import type { KubeObject } from "../types";
import { validateEndpointSlice, validateEndpointSliceUpdate, validateEndpoints } from "./endpoints";
import type { FieldError } from "./field-error";
import { validateIngress } from "./ingress";
import { validateHost, validateNode, validateNodeUpdate } from "./machines";
import { validateObjectMeta } from "./meta";
import { validatePod, validatePodUpdate } from "./pod";
import { validateSecurityGroup } from "./security-group";
import { validateService, validateServiceUpdate } from "./service";
import { validateWorkload, validateWorkloadUpdate } from "./workload";

/** What is wrong with an object that is about to be created. */
export function validateCreate(object: KubeObject): FieldError[] {
  switch (object.kind) {
    case "Service":
      return validateService(object);
    case "Pod":
      return validatePod(object);
    case "Deployment":
    case "ReplicaSet":
    case "DaemonSet":
      return validateWorkload(object);
    case "Node":
      return validateNode(object);
    case "Ingress":
      return validateIngress(object);
    case "EndpointSlice":
      return validateEndpointSlice(object);
    case "Endpoints":
      return validateEndpoints(object);
    case "Host":
      return validateHost(object);
    case "SecurityGroup":
      return validateSecurityGroup(object);
    case "Namespace":
    case "Event":
    case "NetworkAttachmentDefinition":
      return validateObjectMeta(object);
  }
}

/** What is wrong with an object that is about to replace `old`. */
export function validateUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  if (object.kind === "Service" && old.kind === "Service")
    return validateServiceUpdate(object, old);
  if (object.kind === "Pod" && old.kind === "Pod") return validatePodUpdate(object, old);
  if (object.kind === "Node" && old.kind === "Node") return validateNodeUpdate(object, old);
  if (object.kind === "EndpointSlice" && old.kind === "EndpointSlice") {
    return validateEndpointSliceUpdate(object, old);
  }
  if (object.kind === "Deployment" && old.kind === "Deployment") {
    return validateWorkloadUpdate(object, old);
  }
  if (object.kind === "ReplicaSet" && old.kind === "ReplicaSet") {
    return validateWorkloadUpdate(object, old);
  }
  if (object.kind === "DaemonSet" && old.kind === "DaemonSet") {
    return validateWorkloadUpdate(object, old);
  }
  return validateCreate(object);
}
