import { expect, test } from "vitest";
import type { KubeObject } from "../../core/api/types";
import type { MirrorRecords } from "../../stores/mirror";
import type { MirrorRecord } from "../../worker/protocol";
import { linksIn } from "./links";

const meta = (name: string, namespace = "default") => ({
  name,
  namespace,
  uid: name,
  resourceVersion: "1",
});

const OBJECTS = [
  {
    kind: "Service",
    metadata: meta("kuard"),
    spec: { type: "ClusterIP", clusterIP: "10.96.7.7", ports: [] },
    status: { loadBalancer: {} },
  },
  { kind: "Deployment", metadata: meta("kuard") },
  {
    kind: "Pod",
    metadata: meta("kuard-5f-x1"),
    spec: {},
    status: { podIP: "10.244.1.4", phase: "Running" },
  },
  { kind: "Node", metadata: meta("node-1", ""), status: { addresses: [] } },
] as unknown as readonly KubeObject[];

const records: MirrorRecords = new Map(
  OBJECTS.map((value): [string, MirrorRecord] => {
    const { namespace, name } = value.metadata;
    const id = [value.kind, namespace, name].filter(Boolean).join("/");
    return [id, { id, type: "object", value }];
  }),
);

function shown(line: string): readonly string[] {
  return linksIn(line, records).map(({ from, to, target }) => {
    const what =
      target.type === "objects"
        ? target.keys.join(" ")
        : target.type === "chain"
          ? "chain"
          : `journey ${target.journey}`;
    return `${line.slice(from, to)} = ${what}`;
  });
}

test.each([
  [
    "kuard-5f-x1   1/1   Running   0   5m   10.244.1.4   node-1",
    [
      "kuard-5f-x1 = Pod/default/kuard-5f-x1",
      "10.244.1.4 = Pod/default/kuard-5f-x1",
      "node-1 = Node/node-1",
    ],
  ],
  ["deployment.apps/kuard scaled", ["kuard = Deployment/default/kuard"]],
  ["service/kuard exposed", ["kuard = Service/default/kuard"]],
  ["svc/kuard", ["kuard = Service/default/kuard"]],
  [
    "-A KUBE-SERVICES -d 10.96.7.7/32 -j KUBE-SVC-ABCDEFGH12345678",
    [
      "KUBE-SERVICES = chain",
      "10.96.7.7 = Service/default/kuard",
      "KUBE-SVC-ABCDEFGH12345678 = chain",
    ],
  ],
  ["Chain POSTROUTING (policy ACCEPT)", ["POSTROUTING = chain"]],
  ["# kubehop: follow request #3 #14", ["#3 = journey 3", "#14 = journey 14"]],
  ["kuards are not kuard-5f", []],
])("%s", (line, links) => {
  expect(shown(line)).toEqual(links);
});
