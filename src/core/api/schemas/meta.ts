import { any, bool, int64, list, string, stringMap, strings, struct } from "../schema";

export const OBJECT_META = struct("v1.ObjectMeta", {
  name: string,
  generateName: string,
  namespace: string,
  selfLink: string,
  uid: string,
  resourceVersion: string,
  generation: int64,
  creationTimestamp: string,
  deletionTimestamp: string,
  deletionGracePeriodSeconds: int64,
  labels: stringMap,
  annotations: stringMap,
  ownerReferences: list(
    struct("v1.OwnerReference", {
      apiVersion: string,
      kind: string,
      name: string,
      uid: string,
      controller: bool,
      blockOwnerDeletion: bool,
    }),
  ),
  finalizers: strings,
  managedFields: any,
});

/** What every kind starts with. */
export const TYPE_META = { apiVersion: string, kind: string, metadata: OBJECT_META };

export const LABEL_SELECTOR = struct("v1.LabelSelector", {
  matchLabels: stringMap,
  matchExpressions: list(
    struct("v1.LabelSelectorRequirement", { key: string, operator: string, values: strings }),
  ),
});
