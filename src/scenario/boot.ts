import { identify } from "../core/api/decode";
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
  const config = seed === undefined ? scenario : { ...scenario, seed };
  const world = new World(config);
  const addons = missing(addonManifests(config), objects);
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

/** The addons that the scenario does not bring itself, as an exported cluster does. */
function missing(addons: readonly unknown[], given: readonly ScenarioObject[]): readonly unknown[] {
  const present = new Set(given.map(({ manifest }) => nameOf(manifest)));
  return addons.filter((addon) => !present.has(nameOf(addon)));
}

function nameOf(manifest: unknown): string {
  const { kind, namespace, name } = identify(manifest);
  return `${kind}/${namespace || "default"}/${name}`;
}
