import type { RandomStream } from "../sim/random";
import { formatTimestamp } from "../sim/time";
import { allocateService, releaseService } from "./allocation/service";
import type { ApiState } from "./api-state";
import { type DecodedManifest, decodeManifest } from "./decode";
import { defaultObject } from "./defaulting/object";
import { compact, sameJson } from "./json";
import { mergeApplied } from "./merge";
import { newUid, randomSuffix } from "./names";
import {
  alreadyExists,
  badRequest,
  conflict,
  forbiddenRequest,
  invalidObject,
  notFound,
  ok,
  refuse,
} from "./refusals";
import { formatObjectName, resourceOf } from "./resources";
import { prepareServiceUpdate } from "./service-update";
import type { Result, Status } from "./status";
import type { Store, StoreChange } from "./store";
import { type Kind, type KindMap, type KubeObject, objectKey } from "./types";
import type { FieldError } from "./validation/field-error";
import { validateCreate, validateUpdate } from "./validation/object";

export interface ApiServerOptions {
  readonly store: Store;
  readonly state: ApiState;
  nowUs(): number;
  /** A seeded stream of that name; asking again for a name starts it again. */
  random(name: string): RandomStream;
}

export interface Applied {
  readonly object: KubeObject;
  readonly outcome: "created" | "configured" | "unchanged";
  /** `service/kuard configured`, as kubectl prints. */
  readonly text: string;
}

/** What a scenario may say and a client may not. */
interface LoadOptions {
  /** uid, creationTimestamp and status are kept, a namespace that is missing is made. */
  readonly exported: boolean;
}

const SYSTEM_NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"];
const UNDELETABLE_NAMESPACES = ["default", "kube-system", "kube-public"];

/** The front door: decodes, defaults, validates, allocates, stores; or refuses and leaves everything as it was.
 *  It holds no state of its own, so a snapshot is a fork of the store and of ApiState. */
export class ApiServer {
  readonly #options: ApiServerOptions;

  constructor(options: ApiServerOptions) {
    this.#options = options;
  }

  /** The same server over copies: whatever is done there leaves no trace here. */
  fork(): ApiServer {
    const { store, state } = this.#options;
    return new ApiServer({ ...this.#options, store: store.fork(), state: state.fork() });
  }

  /** The namespaces that every cluster has. */
  boot(): void {
    for (const name of SYSTEM_NAMESPACES) this.#ensureNamespace(name);
  }

  /** `kubectl create` */
  create(manifest: unknown): Result<KubeObject> {
    const decoded = decodeManifest(manifest);
    return decoded.ok ? this.#create(decoded.value, { exported: false }) : decoded;
  }

  /** `kubectl apply` */
  apply(manifest: unknown): Result<Applied> {
    return this.#apply(manifest, { exported: false });
  }

  /** As `apply`, for the documents of a scenario: see LoadOptions. */
  load(manifest: unknown): Result<Applied> {
    return this.#apply(manifest, { exported: true });
  }

  /** `kubectl replace`; a resourceVersion that is not the stored one's is a conflict. */
  replace(manifest: unknown): Result<KubeObject> {
    const decoded = decodeManifest(manifest);
    if (!decoded.ok) return decoded;
    const next = defaultObject(decoded.value);
    const { namespace, name, resourceVersion } = next.metadata;
    const old = this.#options.store.find(next.kind, namespace, name);
    if (!old) return refuse(notFound(next.kind, name));
    if (resourceVersion !== "" && resourceVersion !== old.metadata.resourceVersion) {
      return refuse(conflict(next.kind, name));
    }
    return this.#update(next, old);
  }

  /** Reads, changes, replaces: `kubectl label`, `scale`, `edit`. */
  edit<K extends Kind>(
    kind: K,
    namespace: string,
    name: string,
    change: (object: KindMap[K]) => unknown,
  ): Result<KubeObject> {
    const old = this.#options.store.find(kind, namespace, name);
    return old ? this.replace(change(old)) : refuse(notFound(kind, name));
  }

  /** A pod on a node, a namespace and whatever has finalizers is only marked; the rest goes at once. */
  delete(kind: Kind, namespace: string, name: string): Result<KubeObject> {
    const { store, nowUs } = this.#options;
    const object = store.find(kind, namespace, name) as KubeObject | undefined;
    if (!object) return refuse(notFound(kind, name));
    if (kind === "Namespace" && UNDELETABLE_NAMESPACES.includes(name)) {
      return refuse(forbiddenRequest(kind, name, "this namespace may not be deleted"));
    }
    if (!this.#isMarkedOnly(object)) {
      this.#remove(object);
      return ok(object);
    }
    if (object.metadata.deletionTimestamp) return ok(object);
    const metadata = { ...object.metadata, deletionTimestamp: formatTimestamp(nowUs()) };
    if (object.kind === "Namespace") {
      return ok(
        store.put({ ...object, metadata, status: { ...object.status, phase: "Terminating" } }),
      );
    }
    return ok(store.put({ ...object, metadata } as KubeObject));
  }

  /** Tell it of changes that controllers made: addresses of Services that are gone become free. */
  observe(change: StoreChange): void {
    const { store, state } = this.#options;
    if (change.type !== "DELETED") return;
    const key = objectKey(change.object);
    if (change.object.kind === "Service") releaseService(state, change.object);
    if (!store.findByKey(key)) state.lastApplied.delete(key);
  }

  #apply(manifest: unknown, options: LoadOptions): Result<Applied> {
    const decoded = decodeManifest(manifest);
    if (!decoded.ok) return decoded;
    const { store, state } = this.#options;
    const { kind, metadata } = decoded.value;
    if (!metadata.name && metadata.generateName && !options.exported) {
      return refuse(
        badRequest(`from ${metadata.generateName}: cannot use generate name with apply`),
      );
    }
    const namespace = resourceOf(kind).namespaced ? metadata.namespace || "default" : "";
    const old = store.find(kind, namespace, metadata.name ?? "") as KubeObject | undefined;
    const applied = declared(decoded.value);
    const result = old
      ? this.#update(
          defaultObject(
            mergeApplied(old, state.lastApplied.get(objectKey(old)), applied) as DecodedManifest,
          ),
          old,
        )
      : this.#create(decoded.value, options);
    if (!result.ok) return result;
    const object = result.value;
    if (store.findByKey(objectKey(object))) state.lastApplied.set(objectKey(object), applied);
    const outcome = !old ? "created" : object === old ? "unchanged" : "configured";
    return ok({
      object,
      outcome,
      text: `${formatObjectName(kind, object.metadata.name)} ${outcome}`,
    });
  }

  #create(manifest: DecodedManifest, { exported }: LoadOptions): Result<KubeObject> {
    const { store, state, random } = this.#options;
    const given = this.#withFreshMeta(
      defaultObject(exported ? manifest : withoutStatus(manifest)),
      exported,
    );
    const { kind, metadata } = given;
    const { namespace, name } = metadata;
    const refusal = this.#checkNamespace(kind, namespace, name, exported);
    if (refusal) return refuse(refusal);
    if (name !== "" && store.find(kind, namespace, name)) return refuse(alreadyExists(kind, name));
    const errors = validateCreate(given);
    if (errors.length > 0) return refuse(invalidObject(kind, name, errors));
    if (given.kind !== "Service") return ok(store.put(given));
    const allocated = allocateService(state, given, undefined, (stream) => random(stream));
    return allocated.ok ? ok(store.put(allocated.value)) : allocated;
  }

  /** Answers `old` itself where nothing changed. */
  #update(given: KubeObject, old: KubeObject): Result<KubeObject> {
    const { store, state, random } = this.#options;
    let next = keepServerFields(given, old);
    if (next.kind === "Service" && old.kind === "Service") {
      next = { ...next, spec: prepareServiceUpdate(next.spec, old.spec) };
    }
    const errors: FieldError[] = validateUpdate(next, old);
    if (errors.length > 0) return refuse(invalidObject(next.kind, next.metadata.name, errors));
    if (next.kind === "Service" && old.kind === "Service") {
      const allocated = allocateService(state, next, old, (stream) => random(stream));
      if (!allocated.ok) return allocated;
      next = allocated.value;
    }
    if (sameJson(next, old)) return ok(old);
    const stored = store.put(withGeneration(next, old));
    const { deletionTimestamp, finalizers = [] } = stored.metadata;
    if (deletionTimestamp && finalizers.length === 0 && !this.#isMarkedOnly(stored))
      this.#remove(stored);
    return ok(stored);
  }

  #remove(object: KubeObject): void {
    const { store, state } = this.#options;
    store.remove(object.kind, object.metadata.namespace, object.metadata.name);
    if (object.kind === "Service") releaseService(state, object);
    state.lastApplied.delete(objectKey(object));
  }

  #isMarkedOnly(object: KubeObject): boolean {
    if ((object.metadata.finalizers?.length ?? 0) > 0 || object.kind === "Namespace") return true;
    const node = object.kind === "Pod" ? object.spec.nodeName : undefined;
    return node !== undefined && this.#options.store.find("Node", "", node) !== undefined;
  }

  #checkNamespace(
    kind: Kind,
    namespace: string,
    name: string,
    exported: boolean,
  ): Status | undefined {
    if (namespace === "") return undefined;
    const found = this.#options.store.find("Namespace", "", namespace);
    if (!found) {
      if (exported && this.#ensureNamespace(namespace)) return undefined;
      return notFound("Namespace", namespace);
    }
    if (!found.metadata.deletionTimestamp) return undefined;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    return forbiddenRequest(kind, name, why);
  }

  /** Whether it is there now: a name may be impossible. */
  #ensureNamespace(name: string): boolean {
    if (this.#options.store.find("Namespace", "", name)) return true;
    return this.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } }).ok;
  }

  #withFreshMeta(object: KubeObject, exported: boolean): KubeObject {
    const { store, nowUs, random } = this.#options;
    const { metadata, kind } = object;
    const { generateName } = metadata;
    const about = `${kind}/${metadata.namespace}/${metadata.name || generateName}/${store.resourceVersion}`;
    const name =
      metadata.name ||
      (generateName ? `${generateName.slice(0, 58)}${randomSuffix(random(`name/${about}`))}` : "");
    const uid = exported && metadata.uid ? metadata.uid : newUid(random(`uid/${about}`));
    const created = exported ? metadata.creationTimestamp : undefined;
    const labels = kind === "Namespace" && {
      ...metadata.labels,
      "kubernetes.io/metadata.name": name,
    };
    return {
      ...object,
      metadata: compact({
        ...metadata,
        ...(labels && { labels }),
        name,
        uid,
        resourceVersion: "",
        creationTimestamp: created ?? formatTimestamp(nowUs()),
        ...(hasGeneration(kind) && { generation: 1 }),
        ...NOT_ON_CREATE,
      }),
    } as KubeObject;
  }
}

/** What the server alone writes. */
const NOT_ON_CREATE = {
  deletionTimestamp: undefined,
  deletionGracePeriodSeconds: undefined,
  managedFields: undefined,
  selfLink: undefined,
};

/** The part of a manifest that `kubectl apply` answers for. */
function declared(manifest: DecodedManifest): DecodedManifest {
  const { status: _status, metadata, ...rest } = manifest;
  const { name, namespace, labels, annotations, ownerReferences, finalizers } = metadata;
  return {
    ...(rest as DecodedManifest),
    metadata: compact({ name, namespace, labels, annotations, ownerReferences, finalizers }),
  };
}

/** A new object's status is the server's; a Node brings its own, as kubelets register theirs. */
function withoutStatus(manifest: DecodedManifest): DecodedManifest {
  if (manifest.kind === "Node") return manifest;
  const { status: _status, ...rest } = manifest;
  return rest as DecodedManifest;
}

function keepServerFields(next: KubeObject, old: KubeObject): KubeObject {
  const { uid, resourceVersion, creationTimestamp, deletionTimestamp, generateName, generation } =
    old.metadata;
  const kept = {
    uid,
    resourceVersion,
    creationTimestamp,
    deletionTimestamp,
    generateName,
    generation,
  };
  return compact({
    ...next,
    metadata: compact({ ...next.metadata, ...NOT_ON_CREATE, ...kept }),
    status: (old as { status?: unknown }).status,
  }) as KubeObject;
}

/** generation counts changes of what is wanted, not of labels or status. */
function withGeneration<T extends KubeObject>(next: T, old: KubeObject): T {
  if (!hasGeneration(next.kind)) return next;
  const spec = (object: KubeObject) => ({ ...object, metadata: undefined, status: undefined });
  if (sameJson(spec(next), spec(old))) return next;
  const generation = (old.metadata.generation ?? 1) + 1;
  return { ...next, metadata: { ...next.metadata, generation } };
}

function hasGeneration(kind: Kind): boolean {
  return (
    kind === "Deployment" ||
    kind === "ReplicaSet" ||
    kind === "DaemonSet" ||
    kind === "EndpointSlice"
  );
}
