import { expect, it } from "vitest";
import type { Kind, KubeObject } from "../core/api/types";
import type { MirrorRecord } from "../worker/protocol";
import type { MirrorRecords } from "./mirror";
import { defaultSource } from "./targets";

/** Only what a source needs: kind and name. */
function recordsOf(...keys: readonly string[]): MirrorRecords {
  return new Map(
    keys.map((id): [string, MirrorRecord] => {
      const parts = id.split("/");
      const [kind, namespace, name] =
        parts.length === 3 ? parts : [parts[0] as Kind, "", parts[1] as string];
      const value = { kind, metadata: { namespace, name } } as unknown as KubeObject;
      return [id, { id, type: "object", value }];
    }),
  );
}

const ALL = ["Host/db", "Host/user", "Node/node-1", "Pod/kube-system/dns", "Pod/shop/web"];

it.each([
  ["lb/shop/web:80", ALL, "host/user"],
  ["nodeport/node-1/shop/web:80", ["Host/db", "Node/node-1"], "host/db"],
  ["svc/shop/web:80", ALL, "pod/shop/web"],
  [
    "svc/default/kubernetes:443",
    ["Host/user", "Node/node-1", "Pod/kube-system/dns"],
    "node/node-1",
  ],
  ["", ["Host/user"], "host/user"],
])("starts a request to %s from somebody who can reach it", (target, keys, source) => {
  expect(defaultSource(recordsOf(...keys), target)).toBe(source);
});
