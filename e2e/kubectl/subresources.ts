import { fieldOf } from "../../src/core/api/json";
import type { KubeObject } from "../../src/core/api/types";

/** autoscaling/v1 Scale, as `kubectl scale` reads it. */
export function scaleOf(object: KubeObject) {
  const { name, namespace, resourceVersion, uid } = object.metadata;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, resourceVersion, uid },
    spec: { replicas: fieldOf(fieldOf(object, "spec"), "replicas") },
    status: { replicas: fieldOf(fieldOf(object, "status"), "replicas") ?? 0 },
  };
}

const ALL_RESOURCES = { verbs: ["*"], apiGroups: ["*"], resources: ["*"] };
const ALL_URLS = { verbs: ["*"], nonResourceURLs: ["*"] };

/** What somebody in system:masters is told of themselves; undefined for other paths. */
export function reviewOf(path: string, body: string): unknown {
  const kind = path.slice(path.lastIndexOf("/") + 1);
  switch (kind) {
    case "selfsubjectaccessreviews":
      return { ...JSON.parse(body), metadata: {}, status: { allowed: true } };
    case "selfsubjectrulesreviews":
      return {
        ...JSON.parse(body),
        metadata: {},
        status: {
          incomplete: false,
          resourceRules: [ALL_RESOURCES],
          nonResourceRules: [ALL_URLS],
        },
      };
    case "selfsubjectreviews":
      return {
        kind: "SelfSubjectReview",
        apiVersion: "authentication.k8s.io/v1",
        metadata: {},
        status: {
          userInfo: {
            username: "kubehop-admin",
            groups: ["system:masters", "system:authenticated"],
          },
        },
      };
    default:
      return undefined;
  }
}
