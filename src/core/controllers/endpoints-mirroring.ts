import type { EndpointAddress, EndpointSlice, Endpoints, SliceEndpoint } from "../api/types";
import type { ControlContext } from "./context";
import { isSelecting, MANAGED_BY_LABEL } from "./endpoint-slices";
import { SKIP_MIRROR_LABEL } from "./endpoints";
import { SERVICE_NAME_LABEL } from "./indexing";
import { findAll, findByShortKey, generateName, newMeta, ownerReference } from "./objects";
import { packSlices, portsKey, type SliceContent } from "./slice-packing";
import type { ControllerState } from "./state";

const MIRRORING_CONTROLLER = "endpointslicemirroring-controller.k8s.io";

/** Hand-made Endpoints of a Service without selector become EndpointSlices. Source: endpointslicemirroring. */
export function mirrorEndpoints(ctx: ControlContext, state: ControllerState, key: string): void {
  const endpoints = findByShortKey(ctx.store, "Endpoints", key);
  const service = findByShortKey(ctx.store, "Service", key);
  const existing = findAll(ctx.store, "EndpointSlice", state.slicesByService.keys(key)).filter(
    (slice) => slice.metadata.labels?.[MANAGED_BY_LABEL] === MIRRORING_CONTROLLER,
  );
  const skipped = endpoints?.metadata.labels?.[SKIP_MIRROR_LABEL] === "true";
  const mirrored = !skipped && service && !isSelecting(service) ? endpoints : undefined;
  const wanted = mirrored ? contentsOf(mirrored) : new Map<string, SliceContent>();
  if (!mirrored || wanted.size === 0) {
    for (const { metadata } of existing) {
      ctx.store.remove("EndpointSlice", metadata.namespace, metadata.name);
    }
    return;
  }
  const plan = packSlices(existing, wanted);
  for (const { slice, content } of plan.updated) ctx.store.put({ ...slice, ...content });
  for (const content of plan.created) createMirror(ctx, mirrored, content);
  for (const { metadata } of plan.removed) {
    ctx.store.remove("EndpointSlice", metadata.namespace, metadata.name);
  }
}

interface MutableContent {
  readonly ports: SliceContent["ports"];
  readonly endpoints: SliceEndpoint[];
}

function contentsOf(endpoints: Endpoints): ReadonlyMap<string, SliceContent> {
  const contents = new Map<string, MutableContent>();
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of endpoints.subsets ?? []) {
    const slicePorts = ports.map(({ name = "", port, protocol = "TCP" }) => ({
      name,
      port,
      protocol,
    }));
    const key = portsKey(slicePorts);
    const content: MutableContent = contents.get(key) ?? { ports: slicePorts, endpoints: [] };
    contents.set(key, content);
    content.endpoints.push(
      ...addresses.map((address) => endpointOf(address, true)),
      ...notReadyAddresses.map((address) => endpointOf(address, false)),
    );
  }
  return contents;
}

function endpointOf(address: EndpointAddress, ready: boolean): SliceEndpoint {
  const { ip, hostname, nodeName, targetRef } = address;
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname && { hostname }),
    ...(nodeName && { nodeName }),
    ...(targetRef && { targetRef }),
  };
}

function createMirror(ctx: ControlContext, endpoints: Endpoints, content: SliceContent): void {
  const { namespace, name, labels } = endpoints.metadata;
  const base = `${name}-`;
  ctx.store.put<EndpointSlice>({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      ...newMeta(ctx, {
        kind: "EndpointSlice",
        namespace,
        name: generateName(ctx, "EndpointSlice", namespace, base),
        generateName: base,
        labels: { ...labels, [SERVICE_NAME_LABEL]: name, [MANAGED_BY_LABEL]: MIRRORING_CONTROLLER },
      }),
      ownerReferences: [ownerReference(endpoints)],
    },
    addressType: "IPv4",
    ...content,
  });
}
