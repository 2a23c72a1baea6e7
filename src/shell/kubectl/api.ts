import { qualifiedPlural } from "../../core/api/resources";
import type { Status } from "../../core/api/status";
import type { Store } from "../../core/api/store";
import { type KubeObject, keyOf, type ObjectKey, objectKey } from "../../core/api/types";
import type { Command, CommandResult } from "../../core/cluster/command";
import type { ClusterPort } from "../cluster-port";
import { statusFailure } from "./failure";
import { present } from "./present";
import type { ResourceType } from "./resources";
import { type FieldRequirement, matchesFields, type Selector } from "./selectors";

export interface ListOptions {
  readonly namespace?: string | undefined;
  readonly labels?: Selector | undefined;
  readonly fields?: readonly FieldRequirement[] | undefined;
}

/** The API server as kubectl talks to it. */
export class KubeApi {
  readonly #written = new Set<ObjectKey>();

  constructor(readonly cluster: ClusterPort) {}

  get nowUs(): number {
    return this.cluster.nowUs;
  }

  /** By namespace and name, as etcd keeps them. */
  list(
    { modelled }: ResourceType,
    { namespace, labels, fields }: ListOptions = {},
  ): readonly KubeObject[] {
    if (!modelled) return [];
    return [...this.cluster.world.store.list(modelled)]
      .map((object) => present(object as KubeObject))
      .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
      .filter(({ metadata }) => !labels || labels(metadata.labels))
      .filter((object) => !fields || matchesFields(object, fields))
      .sort((a, b) => compare(sortKey(a), sortKey(b)));
  }

  find(type: ResourceType, namespace: string, name: string): KubeObject | undefined {
    const object = this.findStored(type, namespace, name);
    return object && present(object);
  }

  /** As the server keeps it: what a changed copy is made of. */
  findStored(type: ResourceType, namespace: string, name: string): KubeObject | undefined {
    if (!type.modelled) return undefined;
    const home = type.namespaced ? namespace : "";
    return this.cluster.world.store.find(type.modelled, home, name) as KubeObject | undefined;
  }

  get(type: ResourceType, namespace: string, name: string): KubeObject {
    const object = this.find(type, namespace, name);
    if (!object) throw statusFailure(notFound(type, name));
    return object;
  }

  /** What was stored by this command. */
  get written(): readonly ObjectKey[] {
    return [...this.#written];
  }

  /** On a copy where the server is only asked what it would say. */
  execute(command: Command, dryRun = false): CommandResult {
    if (!dryRun) {
      const result = this.cluster.execute(command);
      if (result.ok) for (const { object } of result.applied) this.#written.add(objectKey(object));
      return result;
    }
    const { store } = this.cluster.world;
    return unstored(this.cluster.world.fork().execute(command), store);
  }

  /** The object that came of it; throws where it was refused. */
  must(command: Command, doing?: string, dryRun = false): KubeObject {
    const result = this.execute(command, dryRun);
    if (!result.ok) throw statusFailure(refusalOf(result), doing);
    const object = result.applied[0]?.object;
    if (!object) throw new Error(`a ${command.type} without an object`);
    return present(object);
  }
}

/** What nobody has stored has no new version. */
export function unstored(result: CommandResult, store: Pick<Store, "findByKey">): CommandResult {
  if (!result.ok) return result;
  const applied = result.applied.map((one) => {
    const { resourceVersion = "" } = store.findByKey(objectKey(one.object))?.metadata ?? {};
    const metadata = { ...one.object.metadata, resourceVersion };
    return { ...one, object: { ...one.object, metadata } as KubeObject };
  });
  return { ...result, applied };
}

export function refusalOf(result: Extract<CommandResult, { ok: false }>): Status {
  const status = result.refusals[0]?.status;
  if (!status) throw new Error("a refusal without a status");
  return status;
}

export function notFound(type: ResourceType, name: string): Status {
  const plural = type.modelled
    ? qualifiedPlural(type.modelled)
    : type.group === ""
      ? type.plural
      : `${type.plural}.${type.group}`;
  return { reason: "NotFound", code: 404, message: `${plural} "${name}" not found` };
}

/** Of a presented object, which has no namespace where there is none. */
export function keyOfObject({ kind, metadata }: KubeObject): ObjectKey {
  return keyOf(kind, metadata.namespace ?? "", metadata.name);
}

function sortKey({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
