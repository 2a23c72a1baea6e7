import type { Service } from "../../core/api/types";
import { type MirrorRecords, nodeRuntimesOf, objectsOf } from "../../stores/mirror";
import { keyOf } from "../../stores/related";
import type { Edit } from "../../worker/what-if-protocol";
import { isReady } from "../objects/object-status";

/** A change that can be tried with one click. */
export interface ChangeChoice {
  readonly group: string;
  readonly label: string;
  readonly edit: Edit;
}

const ADDONS = "kube-system";

/** One thing that could be different: a Service's policies, a pod, a node's proxy or power. */
export function changeChoices(records: MirrorRecords): readonly ChangeChoice[] {
  const services = objectsOf(records, "Service").filter(isOfUser);
  const pods = objectsOf(records, "Pod").filter((pod) => pod.metadata.namespace !== ADDONS);
  return [
    ...services.flatMap(serviceChoices),
    ...pods.flatMap((pod): ChangeChoice[] => {
      const { namespace, name, labels = {} } = pod.metadata;
      const ready = !isReady(pod);
      const [label] = Object.keys(labels).filter((key) => key !== "pod-template-hash");
      return [
        {
          group: "Pods",
          label: `${name}: ${ready ? "let its probes pass" : "fail its readiness probe"}`,
          edit: { type: "setReadiness", namespace, pod: name, ready },
        },
        {
          group: "Pods",
          label: `${name}: delete`,
          edit: { type: "delete", key: keyOf(pod) },
        },
        ...(label === undefined
          ? []
          : [
              {
                group: "Pods",
                label: `${name}: remove the label ${label}`,
                edit: {
                  type: "patch" as const,
                  key: keyOf(pod),
                  patch: { metadata: { labels: { [label]: null } } },
                },
              },
            ]),
      ];
    }),
    ...nodeRuntimesOf(records).flatMap(({ node, up, proxyHalted }): ChangeChoice[] => [
      {
        group: "Nodes",
        label: `${node}: ${proxyHalted ? "start" : "stop"} kube-proxy`,
        edit: { type: "setProxy", node, running: proxyHalted },
      },
      {
        group: "Nodes",
        label: `${node}: power ${up ? "off" : "on"}`,
        edit: { type: "setPower", node, on: !up },
      },
    ]),
  ];
}

function isOfUser({ metadata }: Service): boolean {
  const { namespace, name } = metadata;
  return namespace !== ADDONS && !(namespace === "default" && name === "kubernetes");
}

function serviceChoices(service: Service): readonly ChangeChoice[] {
  const { type, externalTrafficPolicy, internalTrafficPolicy, sessionAffinity } = service.spec;
  const set = (field: string, value: string): ChangeChoice => ({
    group: "Services",
    label: `${service.metadata.name}: ${field} ${value}`,
    edit: { type: "patch", key: keyOf(service), patch: { spec: { [field]: value } } },
  });
  const other = (policy: string | undefined) => (policy === "Local" ? "Cluster" : "Local");
  const isOpen = type === "NodePort" || type === "LoadBalancer";
  return [
    ...(isOpen ? [set("externalTrafficPolicy", other(externalTrafficPolicy))] : []),
    ...(type === "ExternalName"
      ? []
      : [set("internalTrafficPolicy", other(internalTrafficPolicy))]),
    ...(type === "ExternalName"
      ? []
      : [set("sessionAffinity", sessionAffinity === "ClientIP" ? "None" : "ClientIP")]),
  ];
}
