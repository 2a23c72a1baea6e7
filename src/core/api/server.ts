import { type RandomStream, randomStream } from "../sim/random";
import { formatTimestamp } from "../sim/time";
import { allocateService, releaseService } from "./allocation/service";
import { ApiState } from "./api-state";
import type { ClusterConfig } from "./cluster-config";
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
import {
  declared,
  hasGeneration,
  keepServerFields,
  SERVER_FIELDS_CLEARED,
  withGeneration,
  withoutStatus,
} from "./server-fields";
import { prepareServiceUpdate } from "./service-update";
import type { Result, Status } from "./status";
import type { Store, StoreChange } from "./store";
import { type Kind, type KindMap, type KubeObject, type ObjectKey, objectKey } from "./types";
import { validateCreate, validateUpdate } from "./validation/object";
import { validateNotTaken } from "./validation/taken-addresses";

export interface Applied {
  readonly object: KubeObject;
  readonly outcome: "created" | "configured" | "unchanged";
  /** `service/kuard configured`, as kubectl prints. */
  readonly text: string;
}

interface RequestOptions {
  readonly nowUs: number;
  /** What a scenario may say and a client may not: uid, creationTimestamp and status are kept, a namespace that is missing is made. */
  readonly exported: boolean;
}

const SYSTEM_NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"];
const UNDELETABLE_NAMESPACES = ["default", "kube-system", "kube-public"];

/** The front door: decodes, defaults, validates, allocates, stores; or refuses and leaves everything as it was.
 *  Its own state is forked along with the store. */
export class ApiServer {
  readonly #store: Store;
  readonly #config: Pick<ClusterConfig, "seed" | "serviceCIDR">;
  #state: ApiState;

  /** A new store gets the namespaces that every cluster has. */
  constructor(
    store: Store,
    config: Pick<ClusterConfig, "seed" | "serviceCIDR">,
    state: ApiState = ApiState.create(config.serviceCIDR),
  ) {
    this.#store = store;
    this.#config = config;
    this.#state = state;
    if (store.resourceVersion > 0) return;
    for (const name of SYSTEM_NAMESPACES) this.#ensureNamespace(name, 0);
  }

  /** The same server over a copy of its store. */
  fork(store: Store): ApiServer {
    return new ApiServer(store, this.#config, this.#state.fork());
  }

  /** A copy of everything, to see what would happen. */
  rehearsal(): ApiServer {
    return this.fork(this.#store.fork());
  }

  /** Becomes what its rehearsal has become; the rehearsal is over. */
  adopt(rehearsal: ApiServer): void {
    this.#store.adopt(rehearsal.#store);
    this.#state = rehearsal.#state;
  }

  /** What `kubectl apply` would find in the annotation last-applied-configuration. */
  lastApplied(key: ObjectKey): unknown {
    return this.#state.lastApplied.get(key);
  }

  /** `kubectl create` */
  create(manifest: unknown, nowUs: number): Result<KubeObject> {
    const decoded = decodeManifest(manifest);
    return decoded.ok ? this.#create(decoded.value, { nowUs, exported: false }) : decoded;
  }

  /** Puts an object back that once was: what only servers write is kept. */
  restore(manifest: unknown, nowUs: number): Result<KubeObject> {
    const decoded = decodeManifest(manifest);
    return decoded.ok ? this.#create(decoded.value, { nowUs, exported: true }) : decoded;
  }

  /** `kubectl apply` */
  apply(manifest: unknown, nowUs: number): Result<Applied> {
    return this.#apply(manifest, { nowUs, exported: false });
  }

  /** As `apply`, for the documents of a scenario: see RequestOptions. */
  load(manifest: unknown, nowUs: number): Result<Applied> {
    return this.#apply(manifest, { nowUs, exported: true });
  }

  /** `kubectl replace`; a resourceVersion that is not the stored one's is a conflict. */
  replace(manifest: unknown): Result<KubeObject> {
    const decoded = decodeManifest(manifest);
    if (!decoded.ok) return decoded;
    const next = defaultObject(decoded.value);
    const { namespace, name, resourceVersion } = next.metadata;
    const old = this.#store.find(next.kind, namespace, name);
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
    const old = this.#store.find(kind, namespace, name);
    return old ? this.replace(change(old)) : refuse(notFound(kind, name));
  }

  /** A pod on a node, a namespace and whatever has finalizers is only marked; the rest goes at once. */
  delete(
    kind: Kind,
    namespace: string,
    name: string,
    nowUs: number,
    gracePeriodSeconds?: number,
  ): Result<KubeObject> {
    const object = this.#store.find(kind, namespace, name) as KubeObject | undefined;
    if (!object) return refuse(notFound(kind, name));
    if (kind === "Namespace" && UNDELETABLE_NAMESPACES.includes(name)) {
      return refuse(forbiddenRequest(kind, name, "this namespace may not be deleted"));
    }
    const atOnce = kind === "Pod" && gracePeriodSeconds === 0;
    if (atOnce || !this.#isMarkedOnly(object)) {
      this.#remove(object);
      return ok(object);
    }
    if (object.metadata.deletionTimestamp) return ok(object);
    const metadata = { ...object.metadata, deletionTimestamp: formatTimestamp(nowUs) };
    if (object.kind === "Namespace") {
      return ok(
        this.#store.put({
          ...object,
          metadata,
          status: { ...object.status, phase: "Terminating" },
        }),
      );
    }
    return ok(this.#store.put({ ...object, metadata } as KubeObject));
  }

  /** Tell it of changes that controllers made: addresses of Services that are gone become free. */
  observe(change: StoreChange): void {
    if (change.type !== "DELETED") return;
    const key = objectKey(change.object);
    if (change.object.kind === "Service") releaseService(this.#state, change.object);
    if (this.#state.lastApplied.has(key) && !this.#store.findByKey(key))
      this.#state.lastApplied.delete(key);
  }

  readonly #random = (name: string): RandomStream => randomStream(this.#config.seed, name);

  #apply(manifest: unknown, options: RequestOptions): Result<Applied> {
    const decoded = decodeManifest(manifest);
    if (!decoded.ok) return decoded;
    const { kind, metadata } = decoded.value;
    if (!metadata.name && metadata.generateName && !options.exported) {
      return refuse(
        badRequest(`from ${metadata.generateName}: cannot use generate name with apply`),
      );
    }
    const namespace = resourceOf(kind).namespaced ? metadata.namespace || "default" : "";
    const old = this.#store.find(kind, namespace, metadata.name ?? "") as KubeObject | undefined;
    const applied = declared(decoded.value);
    const result = old
      ? this.#update(defaultObject(this.#merged(old, applied)), old)
      : this.#create(decoded.value, options);
    if (!result.ok) return result;
    const object = result.value;
    if (this.#store.findByKey(objectKey(object)))
      this.#state.lastApplied.set(objectKey(object), applied);
    const outcome = !old ? "created" : object === old ? "unchanged" : "configured";
    return ok({
      object,
      outcome,
      text: `${formatObjectName(kind, object.metadata.name)} ${outcome}`,
    });
  }

  #merged(old: KubeObject, applied: DecodedManifest): DecodedManifest {
    const last = this.#state.lastApplied.get(objectKey(old));
    return mergeApplied(old, last, applied) as DecodedManifest;
  }

  #create(manifest: DecodedManifest, request: RequestOptions): Result<KubeObject> {
    const { exported } = request;
    const given = this.#withFreshMeta(
      defaultObject(exported ? manifest : withoutStatus(manifest)),
      request,
    );
    const { kind, metadata } = given;
    const { namespace, name } = metadata;
    const refusal = this.#checkNamespace(kind, namespace, name, request);
    if (refusal) return refuse(refusal);
    const exists = name !== "" && this.#store.find(kind, namespace, name) !== undefined;
    const invalid = validateCreate(given);
    const errors = exists ? invalid : [...invalid, ...validateNotTaken(given, this.#store)];
    if (errors.length > 0) return refuse(invalidObject(kind, name, errors));
    if (exists) return refuse(alreadyExists(kind, name));
    if (given.kind !== "Service") return ok(this.#store.put(given));
    const allocated = allocateService(this.#state, given, undefined, this.#random);
    return allocated.ok ? ok(this.#store.put(allocated.value)) : allocated;
  }

  /** Answers `old` itself where nothing changed. */
  #update(given: KubeObject, old: KubeObject): Result<KubeObject> {
    let next = keepServerFields(given, old);
    if (next.kind === "Service" && old.kind === "Service") {
      next = { ...next, spec: prepareServiceUpdate(next.spec, old.spec) };
    }
    const errors = [...validateUpdate(next, old), ...validateNotTaken(next, this.#store)];
    if (errors.length > 0) return refuse(invalidObject(next.kind, next.metadata.name, errors));
    if (next.kind === "Service" && old.kind === "Service") {
      const allocated = allocateService(this.#state, next, old, this.#random);
      if (!allocated.ok) return allocated;
      next = allocated.value;
    }
    if (sameJson(next, old)) return ok(old);
    const stored = this.#store.put(withGeneration(next, old));
    const { deletionTimestamp, finalizers = [] } = stored.metadata;
    if (deletionTimestamp && finalizers.length === 0 && !this.#isMarkedOnly(stored))
      this.#remove(stored);
    return ok(stored);
  }

  #remove(object: KubeObject): void {
    this.#store.remove(object.kind, object.metadata.namespace, object.metadata.name);
    if (object.kind === "Service") releaseService(this.#state, object);
    this.#state.lastApplied.delete(objectKey(object));
  }

  #isMarkedOnly(object: KubeObject): boolean {
    if ((object.metadata.finalizers?.length ?? 0) > 0 || object.kind === "Namespace") return true;
    const node = object.kind === "Pod" ? object.spec.nodeName : undefined;
    return node !== undefined && this.#store.find("Node", "", node) !== undefined;
  }

  #checkNamespace(
    kind: Kind,
    namespace: string,
    name: string,
    { nowUs, exported }: RequestOptions,
  ): Status | undefined {
    if (namespace === "") return undefined;
    const found = this.#store.find("Namespace", "", namespace);
    if (!found) {
      if (exported && this.#ensureNamespace(namespace, nowUs)) return undefined;
      return notFound("Namespace", namespace);
    }
    if (!found.metadata.deletionTimestamp) return undefined;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    return forbiddenRequest(kind, name, why);
  }

  /** Whether it is there now: a name may be impossible. */
  #ensureNamespace(name: string, nowUs: number): boolean {
    if (this.#store.find("Namespace", "", name)) return true;
    return this.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, nowUs).ok;
  }

  #withFreshMeta(object: KubeObject, { nowUs, exported }: RequestOptions): KubeObject {
    const random = this.#random;
    const { metadata, kind } = object;
    const { generateName } = metadata;
    const about = `${kind}/${metadata.namespace}/${metadata.name || generateName}/${this.#store.resourceVersion}`;
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
        creationTimestamp: created ?? formatTimestamp(nowUs),
        ...(hasGeneration(kind) && { generation: 1 }),
        ...SERVER_FIELDS_CLEARED,
      }),
    } as KubeObject;
  }
}
