import { identify } from "../core/api/decode";
import { fieldOf, isList, isObject, type JsonObject } from "../core/api/json";

/** What objects exported from a real cluster carry that means nothing here: owners that are not in the file, and the
 *  second address family. Their status stays. Simplified: dual-stack Services become IPv4 ones. */
export function tidyExported(manifests: readonly unknown[]): unknown[] {
  const owners = new Map<string, unknown>();
  for (const manifest of manifests) {
    const { kind, namespace, name } = identify(manifest);
    owners.set(ownerKey(kind, namespace, name), fieldOf(fieldOf(manifest, "metadata"), "uid"));
  }
  return manifests.map((manifest) => singleStack(withoutLostOwners(manifest, owners)));
}

function withoutLostOwners(manifest: unknown, owners: ReadonlyMap<string, unknown>): unknown {
  const metadata = fieldOf(manifest, "metadata");
  const references = fieldOf(metadata, "ownerReferences");
  if (!isObject(manifest) || !isObject(metadata) || !isList(references)) return manifest;
  const { namespace } = identify(manifest);
  const known = references.filter((reference) => {
    const [kind, name] = [fieldOf(reference, "kind"), fieldOf(reference, "name")];
    const uid = fieldOf(reference, "uid");
    return [namespace, ""].some((place) => {
      const key = ownerKey(String(kind), place, String(name));
      return uid !== undefined && owners.get(key) === uid;
    });
  });
  if (known.length === references.length) return manifest;
  const { ownerReferences: _lost, ...rest } = metadata;
  return {
    ...manifest,
    metadata: known.length > 0 ? { ...rest, ownerReferences: known } : rest,
  };
}

function ownerKey(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}

function singleStack(manifest: unknown): unknown {
  const spec = fieldOf(manifest, "spec");
  if (!isObject(manifest) || !isObject(spec) || identify(manifest).kind !== "Service")
    return manifest;
  const families = fieldOf(spec, "ipFamilies");
  if (!isList(families) || families.length < 2 || families[0] !== "IPv4") return manifest;
  const single: JsonObject = { ...spec, ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" };
  const clusterIPs = fieldOf(spec, "clusterIPs");
  const first = isList(clusterIPs) ? { clusterIPs: clusterIPs.slice(0, 1) } : {};
  return { ...manifest, spec: { ...single, ...first } };
}
