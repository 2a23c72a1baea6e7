import { type DecodedManifest, identify } from "./decode";
import { fieldOf, isList } from "./json";
import type { ApiServer, Applied } from "./server";
import type { Status } from "./status";

export interface ApplyAllReport {
  /** In the order of the manifests; empty when there is any error. */
  readonly applied: readonly Applied[];
  readonly errors: readonly { readonly index: number; readonly status: Status }[];
}

/** Applies every manifest, or nothing: it is tried on a copy first. */
export function applyAll(
  server: ApiServer,
  manifests: readonly unknown[],
  nowUs: number,
): ApplyAllReport {
  const order = manifests.map((_, index) => index);
  return allOrNothing(server, order, (target, index) => target.apply(manifests[index], nowUs));
}

/** The same for a scenario's documents: namespaces and nodes first, then Services that name their addresses, so that
 *  no allocation is in their way; then the rest as written. */
export function loadAll(
  server: ApiServer,
  manifests: readonly unknown[],
  nowUs: number,
): ApplyAllReport {
  const turns = new Map<string, number>();
  const keys = manifests.map((manifest) => {
    const { kind, namespace, name } = identify(manifest);
    return `${kind}/${namespace || "default"}/${name}`;
  });
  for (const [index, manifest] of manifests.entries()) {
    const key = keys[index] as string;
    turns.set(key, Math.min(turns.get(key) ?? LAST_TURN, turnOf(manifest)));
  }
  const turn = (index: number) => turns.get(keys[index] as string) as number;
  const order = manifests.map((_, index) => index).sort((a, b) => turn(a) - turn(b) || a - b);
  return allOrNothing(server, order, (target, index) => target.load(manifests[index], nowUs));
}

const LAST_TURN = 3;

function turnOf(manifest: unknown): number {
  const { kind } = identify(manifest);
  if (kind === "Namespace") return 0;
  if (kind === "Node") return 1;
  return kind === "Service" && namesAddresses(manifest) ? 2 : LAST_TURN;
}

function namesAddresses(manifest: unknown): boolean {
  const spec = fieldOf(manifest, "spec") as DecodedManifest | undefined;
  const ports = fieldOf(spec, "ports");
  return (
    Boolean(fieldOf(spec, "clusterIP")) ||
    Boolean(fieldOf(spec, "healthCheckNodePort")) ||
    (isList(ports) && ports.some((port) => Boolean(fieldOf(port, "nodePort"))))
  );
}

function allOrNothing(
  server: ApiServer,
  order: readonly number[],
  apply: (target: ApiServer, index: number) => ReturnType<ApiServer["apply"]>,
): ApplyAllReport {
  const errors: { index: number; status: Status }[] = [];
  const applied: Applied[] = [];
  const trial = server.rehearsal();
  for (const index of order) {
    const result = apply(trial, index);
    if (result.ok) applied[index] = result.value;
    else errors.push({ index, status: result.status });
  }
  if (errors.length > 0) return { applied: [], errors: errors.sort((a, b) => a.index - b.index) };
  server.adopt(trial);
  return { applied, errors };
}
