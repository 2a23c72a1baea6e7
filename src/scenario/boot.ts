import type { ClusterConfig } from "../core/api/cluster-config";
import { identify } from "../core/api/decode";
import { fieldOf, isList } from "../core/api/json";
import { addonManifests } from "../core/cluster/addons";
import { World } from "../core/cluster/world";
import { type DocumentError, documentErrors } from "./document-error";
import type { ScenarioObject } from "./parse-manifests";
import { parseScenario } from "./parse-scenario";

export interface BootOptions {
  /** Instead of the scenario's own. */
  readonly seed?: number;
}

export type Booted =
  | { readonly ok: true; readonly world: World; readonly ignored: readonly string[] }
  | {
      readonly ok: false;
      readonly errors: readonly DocumentError[];
      readonly ignored: readonly string[];
    };

/** A scenario file becomes a cluster at its first moment: everything applied, nothing reconciled yet. */
export function bootScenario(yaml: string, { seed }: BootOptions = {}): Booted {
  const { scenario, objects, ignored, errors } = parseScenario(yaml);
  if (errors.length > 0) return { ok: false, errors, ignored };
  const config = {
    ...scenario,
    ...clusterDnsOf(objects),
    ...(seed !== undefined && { seed }),
  };
  const world = new World(config);
  const addons = missing(addonManifests(config, machineIps(objects)), objects);
  const result = world.load([...objects.map(({ manifest }) => manifest), ...addons]);
  if (result.ok) return { ok: true, world, ignored };
  return {
    ok: false,
    errors: result.refusals.flatMap(({ index, status }) => refusalErrors(objects[index], status)),
    ignored,
  };
}

function refusalErrors(
  object: ScenarioObject | undefined,
  status: Parameters<typeof documentErrors>[1],
): readonly DocumentError[] {
  return object ? documentErrors(object, status) : [{ message: status.message }];
}

/** Addresses of the scenario's nodes and hosts. */
function machineIps(objects: readonly ScenarioObject[]): ReadonlySet<string> {
  const ips = objects.flatMap(({ manifest }): readonly unknown[] => {
    const { kind } = identify(manifest);
    if (kind === "Host") return [fieldOf(fieldOf(manifest, "spec"), "ip")];
    const addresses = fieldOf(fieldOf(manifest, "status"), "addresses");
    return kind === "Node" && isList(addresses)
      ? addresses.map((one) => fieldOf(one, "address"))
      : [];
  });
  return new Set(ips.filter((ip) => typeof ip === "string"));
}

/** A cluster that brings its own kube-dns has kubelets that point at it. */
function clusterDnsOf(objects: readonly ScenarioObject[]): Pick<ClusterConfig, "clusterDNS"> {
  const dns = objects.find(({ manifest }) => nameOf(manifest) === "Service/kube-system/kube-dns");
  const clusterIP = fieldOf(fieldOf(dns?.manifest, "spec"), "clusterIP");
  return typeof clusterIP === "string" ? { clusterDNS: clusterIP } : {};
}

/** The addons that the scenario does not bring itself, as an exported cluster does: by name, or as pods whose
 *  workload was left out. */
function missing(addons: readonly unknown[], given: readonly ScenarioObject[]): readonly unknown[] {
  const present = new Set(given.map(({ manifest }) => nameOf(manifest)));
  const programs = new Set(given.map(({ manifest }) => systemPodOf(manifest)));
  return addons.filter((addon) => {
    const program = fieldOf(fieldOf(fieldOf(addon, "metadata"), "labels"), "k8s-app");
    const brought = identify(addon).kind === "Deployment" && programs.has(program);
    return !brought && !present.has(nameOf(addon));
  });
}

/** `k8s-app` of a pod in kube-system. */
function systemPodOf(manifest: unknown): unknown {
  const { kind, namespace } = identify(manifest);
  if (kind !== "Pod" || namespace !== "kube-system") return undefined;
  return fieldOf(fieldOf(fieldOf(manifest, "metadata"), "labels"), "k8s-app");
}

function nameOf(manifest: unknown): string {
  const { kind, namespace, name } = identify(manifest);
  return `${kind}/${namespace || "default"}/${name}`;
}
