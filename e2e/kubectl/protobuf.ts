import type { JsonObject } from "../../src/core/api/json";

/** What kubectl's typed clients send: Kubernetes objects as protocol buffers, as far as `kubectl create` writes them.
 *  Source: the generated.proto files of k8s.io/api and apimachinery. */
export function decodeProtobuf(body: Uint8Array): JsonObject {
  const unknown = fieldsOf(body.subarray(MAGIC.length));
  const typeMeta = fieldsOf(bytesIn(unknown, 1));
  const [apiVersion, kind] = [textIn(typeMeta, 1), textIn(typeMeta, 2)];
  const message = MESSAGES[kind];
  if (!message) throw new Error(`no protocol buffer of a ${kind} is known here`);
  return { apiVersion, kind, ...read(bytesIn(unknown, 2), message) };
}

export function isProtobuf(body: Uint8Array): boolean {
  return MAGIC.every((byte, index) => body[index] === byte);
}

const MAGIC = [..."k8s\0"].map((char) => char.charCodeAt(0));

/** `port`: an IntOrString. */
type Field = "text" | "number" | "map" | "port" | Message;
/** By number: the field's name, with a star for lists and empty where it is inlined, and how it is read. */
type Message = { readonly [number: number]: readonly [name: string, field: Field] };

const META: Message = {
  1: ["name", "text"],
  2: ["generateName", "text"],
  3: ["namespace", "text"],
  11: ["labels", "map"],
  12: ["annotations", "map"],
};

const CONTAINER: Message = {
  1: ["name", "text"],
  2: ["image", "text"],
  3: ["command*", "text"],
  4: ["args*", "text"],
  6: [
    "ports*",
    {
      1: ["name", "text"],
      2: ["hostPort", "number"],
      3: ["containerPort", "number"],
      4: ["protocol", "text"],
    },
  ],
  7: ["env*", { 1: ["name", "text"], 2: ["value", "text"] }],
};

const TEMPLATE: Message = {
  1: ["metadata", META],
  2: ["spec", { 2: ["containers*", CONTAINER], 3: ["restartPolicy", "text"] }],
};

const SERVICE_PORT: Message = {
  1: ["name", "text"],
  2: ["protocol", "text"],
  3: ["port", "number"],
  4: ["targetPort", "port"],
  5: ["nodePort", "number"],
};

const INGRESS_BACKEND: Message = {
  4: [
    "service",
    { 1: ["name", "text"], 2: ["port", { 1: ["name", "text"], 2: ["number", "number"] }] },
  ],
};

const PATH: Message = {
  1: ["path", "text"],
  2: ["backend", INGRESS_BACKEND],
  3: ["pathType", "text"],
};

const MESSAGES: Readonly<Record<string, Message>> = {
  Namespace: { 1: ["metadata", META] },
  Deployment: {
    1: ["metadata", META],
    2: [
      "spec",
      {
        1: ["replicas", "number"],
        2: ["selector", { 1: ["matchLabels", "map"] }],
        3: ["template", TEMPLATE],
      },
    ],
  },
  Service: {
    1: ["metadata", META],
    2: [
      "spec",
      {
        1: ["ports*", SERVICE_PORT],
        2: ["selector", "map"],
        3: ["clusterIP", "text"],
        4: ["type", "text"],
        7: ["sessionAffinity", "text"],
        10: ["externalName", "text"],
      },
    ],
  },
  Ingress: {
    1: ["metadata", META],
    2: [
      "spec",
      {
        1: ["defaultBackend", INGRESS_BACKEND],
        2: ["tls*", { 1: ["hosts*", "text"], 2: ["secretName", "text"] }],
        3: ["rules*", { 1: ["host", "text"], 2: ["", { 1: ["http", { 1: ["paths*", PATH] }] }] }],
        4: ["ingressClassName", "text"],
      },
    ],
  },
  Eviction: { 1: ["metadata", META] },
  SelfSubjectAccessReview: {},
  SelfSubjectRulesReview: {},
};

type Raw = number | Uint8Array;

/** Every field of a message with its values, in order. */
function fieldsOf(bytes: Uint8Array): ReadonlyMap<number, readonly Raw[]> {
  const fields = new Map<number, Raw[]>();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    let value: Raw;
    if (key % 8 === 0) value = varint();
    else if (key % 8 === 2) {
      const length = varint();
      value = bytes.subarray(at, at + length);
      at += length;
    } else throw new Error(`wire type ${key % 8}`);
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

function bytesIn(fields: ReadonlyMap<number, readonly Raw[]>, number: number): Uint8Array {
  const value = fields.get(number)?.[0];
  return value instanceof Uint8Array ? value : new Uint8Array();
}

function textIn(fields: ReadonlyMap<number, readonly Raw[]>, number: number): string {
  return new TextDecoder().decode(bytesIn(fields, number));
}

/** Empty texts and zeros are absent from JSON, as Go leaves them out. */
function read(bytes: Uint8Array, message: Message): JsonObject {
  const result: Record<string, unknown> = {};
  for (const [number, values] of fieldsOf(bytes)) {
    const known = message[number];
    if (!known) continue;
    const [name, field] = known;
    const all = values.map((value) => decodeField(value, field));
    if (name === "") Object.assign(result, all[0]);
    else if (name.endsWith("*")) result[name.slice(0, -1)] = all;
    else if (field === "map") result[name] = Object.assign({}, ...(all as object[]));
    else if (all[0] !== "" && all[0] !== 0) result[name] = all[0];
  }
  return result;
}

function decodeField(value: Raw, field: Field): unknown {
  if (!(value instanceof Uint8Array)) return value;
  if (typeof field !== "string") return read(value, field);
  if (field !== "map" && field !== "port") return new TextDecoder().decode(value);
  const fields = fieldsOf(value);
  if (field === "map") return { [textIn(fields, 1)]: textIn(fields, 2) };
  return fields.get(1)?.[0] === 1 ? textIn(fields, 3) : (fields.get(2)?.[0] ?? 0);
}
