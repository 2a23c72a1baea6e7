import { decodeValue } from "./decode-value";
import { fieldOf, isObject, nestsDeeperThan } from "./json";
import { badRequest, ok, refuse } from "./refusals";
import { findResource } from "./resources";
import type { StructSchema } from "./schema";
import {
  ENDPOINT_SLICE,
  ENDPOINTS,
  EVENT,
  HOST,
  NAMESPACE,
  NETWORK_ATTACHMENT_DEFINITION,
  NODE,
  SECURITY_GROUP,
} from "./schemas/cluster";
import { INGRESS } from "./schemas/ingress";
import { POD } from "./schemas/pod";
import { SERVICE } from "./schemas/service";
import { DAEMON_SET, DEPLOYMENT, REPLICA_SET } from "./schemas/workloads";
import type { Result } from "./status";
import type { Kind, ObjectMeta } from "./types";

const SCHEMAS: Readonly<Record<Kind, StructSchema>> = {
  Namespace: NAMESPACE,
  Node: NODE,
  Pod: POD,
  Deployment: DEPLOYMENT,
  ReplicaSet: REPLICA_SET,
  DaemonSet: DAEMON_SET,
  Service: SERVICE,
  Ingress: INGRESS,
  EndpointSlice: ENDPOINT_SLICE,
  Endpoints: ENDPOINTS,
  Event: EVENT,
  Host: HOST,
  SecurityGroup: SECURITY_GROUP,
  NetworkAttachmentDefinition: NETWORK_ATTACHMENT_DEFINITION,
};

/** What `kubectl explain` shows of a kind. */
export function schemaOf(kind: Kind): StructSchema {
  return SCHEMAS[kind];
}

/** Deeper JSON is refused, so that everything after this may recurse. Go's decoder stops at 10,000. */
const MAX_DEPTH = 100;

/** A manifest whose fields have the right types; defaults and validation are still to come. */
export interface DecodedManifest {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly metadata: Partial<ObjectMeta>;
  readonly [field: string]: unknown;
}

/** Plain JSON to a typed manifest, or the decoder's words. Takes anything, throws never. */
export function decodeManifest(manifest: unknown): Result<DecodedManifest> {
  if (nestsDeeperThan(manifest, MAX_DEPTH)) return refuse(badRequest("json: exceeded max depth"));
  if (!isObject(manifest)) {
    const { typeErrors } = decodeValue({ type: "map", of: { type: "any" } }, manifest);
    return refuse(badRequest(`couldn't get version/kind; ${typeErrors[0]?.message ?? ""}`));
  }
  const { apiVersion, kind, name } = identify(manifest);
  if (kind === "") return refuse(missing("Kind", name));
  if (apiVersion === "") return refuse(missing("apiVersion", name));
  const resource = findResource(apiVersion, kind);
  if (!resource) {
    const field = findByKind(kind) ? "apiVersion" : "kind";
    const message = `no matches for kind "${kind}" in version "${apiVersion}"`;
    return refuse({ reason: "NotFound", code: 404, message, causes: [{ field, message }] });
  }
  const { value, typeErrors, unknownFields } = decodeValue(SCHEMAS[resource.kind], manifest);
  const version = apiVersion.slice(apiVersion.indexOf("/") + 1);
  const prefix = `${kind} in version "${version}" cannot be handled as a ${kind}: `;
  // Go stops caring at the first wrong type, and says nothing of unknown fields then.
  if (typeErrors[0]) return refuse(badRequest(prefix + typeErrors[0].message, [typeErrors[0]]));
  if (unknownFields.length > 0) {
    const all = unknownFields.map((error) => error.message).join(", ");
    return refuse(badRequest(`${prefix}strict decoding error: ${all}`, unknownFields));
  }
  const metadata = fieldOf(value, "metadata") ?? {};
  return ok({ ...(value as DecodedManifest), metadata });
}

/** Who a manifest says it is; "" where it does not. */
export function identify(manifest: unknown) {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const metadata = fieldOf(manifest, "metadata");
  return {
    apiVersion: text(fieldOf(manifest, "apiVersion")),
    kind: text(fieldOf(manifest, "kind")),
    namespace: text(fieldOf(metadata, "namespace")),
    name: text(fieldOf(metadata, "name")),
  };
}

function findByKind(kind: string): boolean {
  return Object.hasOwn(SCHEMAS, kind);
}

/** Source: apimachinery/pkg/runtime, NewMissingKindErr. Simplified: it quotes the name, not the whole document. */
function missing(field: string, name: string) {
  const where = name === "" ? "the document" : `"${name}"`;
  return badRequest(`Object '${field}' is missing in ${where}`);
}
