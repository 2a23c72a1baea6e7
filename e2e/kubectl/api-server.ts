import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fieldOf, isList, isObject, type JsonObject } from "../../src/core/api/json";
import { mergePatch } from "../../src/core/api/merge-patch";
import { type KubeObject, objectKey } from "../../src/core/api/types";
import type { Command } from "../../src/core/cluster/command";
import type { World } from "../../src/core/cluster/world";
import { parseTimestamp, SECOND } from "../../src/core/sim/time";
import { unstored } from "../../src/shell/kubectl/api";
import { applyJsonPatch } from "../../src/shell/kubectl/json-patch";
import { present } from "../../src/shell/kubectl/present";
import { apiVersionOf, RESOURCE_TYPES, type ResourceType } from "../../src/shell/kubectl/resources";
import {
  matchesFields,
  parseFieldSelector,
  parseSelector,
} from "../../src/shell/kubectl/selectors";
import { strategicMerge } from "../../src/shell/kubectl/strategic-merge";
import { tableOf } from "../../src/shell/kubectl/tables/tables";
import { discovery } from "./discovery";
import { openApi } from "./openapi";
import { decodeProtobuf, isProtobuf } from "./protobuf";
import { reviewOf, scaleOf } from "./subresources";

/** Our world behind HTTP, as far as kubectl asks: discovery, lists, Tables, watches that say nothing new, and writes. */
export class ApiServerDouble {
  readonly #world: World;
  readonly #server: Server;
  #shift = { atUs: -1, ms: 0 };

  constructor(world: World) {
    this.#world = world;
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  /** From virtual time to the wall clock, by which kubectl tells ages. The same for a whole command:
   *  an object that is asked for twice must have been made at the same time. */
  get #shiftMs(): number {
    const { nowUs } = this.#world;
    if (nowUs !== this.#shift.atUs) {
      const virtualMs = Date.UTC(2026, 0, 1) + nowUs / 1_000;
      this.#shift = { atUs: nowUs, ms: Math.floor((Date.now() - virtualMs) / 1_000) * 1_000 };
    }
    return this.#shift.ms;
  }

  /** The next command is told times by the clock as it is now. */
  beginCommand(): void {
    this.#shift = { atUs: -1, ms: 0 };
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://server");
    const reply = (code: number, value: unknown) => {
      response.writeHead(code, { "content-type": "application/json" });
      response.end(JSON.stringify(this.#shifted(value)));
    };
    try {
      const body = await bodyOf(request);
      const target = targetOf(url.pathname);
      if (target && url.searchParams.get("watch")) {
        this.#watch(target, url, response);
        return;
      }
      const { code, value } = this.#answerTo(request, url, body);
      reply(code, value);
    } catch (error) {
      reply(500, failure(500, "InternalError", String(error)));
    }
  }

  #answerTo(request: IncomingMessage, url: URL, body: string): Answer {
    const found = discovery(url.pathname) ?? openApi(url.pathname);
    if (found) return answer(200, found);
    const review = request.method === "POST" ? reviewOf(url.pathname, body) : undefined;
    if (review) return answer(201, review);
    const target = targetOf(url.pathname);
    if (!target)
      return answer(
        404,
        failure(404, "NotFound", "the server could not find the requested resource"),
      );
    return request.method === "GET"
      ? this.#read(target, url, request)
      : this.#write(target, body, request, url);
  }

  /** What is there, and then nothing new. */
  #watch(target: Target, url: URL, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    if (url.searchParams.get("resourceVersion")) return;
    for (const object of this.#list(target, url))
      response.write(`${JSON.stringify({ type: "ADDED", object: this.#shifted(object) })}\n`);
  }

  #read(target: Target, url: URL, request: IncomingMessage): Answer {
    const wantsTable = (request.headers.accept ?? "").includes("as=Table");
    if (target.name !== undefined) {
      const object = this.#find(target);
      if (!object) return answer(404, notFound(target));
      if (target.subresource === "scale") return answer(200, scaleOf(object));
      return answer(200, wantsTable ? this.#table(target, [object], url) : object);
    }
    const objects = this.#list(target, url);
    return answer(
      200,
      wantsTable ? this.#table(target, objects, url) : listOf(target.type, objects),
    );
  }

  #find(target: Target): KubeObject | undefined {
    const object = this.#findStored(target);
    return object && present(object);
  }

  #findStored({ type, namespace = "", name = "" }: Target): KubeObject | undefined {
    const home = type.namespaced ? namespace : "";
    return type.modelled && this.#world.store.find(type.modelled, home, name);
  }

  #list({ type, namespace }: Target, url: URL): readonly KubeObject[] {
    if (!type.modelled) return [];
    const labels = parseSelector(url.searchParams.get("labelSelector") ?? "");
    const fields = parseFieldSelector(url.searchParams.get("fieldSelector") ?? "") ?? [];
    return [...this.#world.store.list(type.modelled)]
      .map((object) => present(object as KubeObject))
      .filter((object) => namespace === undefined || object.metadata.namespace === namespace)
      .filter((object) => labels.ok && labels.matches(object.metadata.labels))
      .filter((object) => matchesFields(object, fields))
      .sort((a, b) => (objectKey(a) < objectKey(b) ? -1 : 1));
  }

  #table({ type }: Target, objects: readonly KubeObject[], url: URL) {
    const whole = url.searchParams.get("includeObject") === "Object";
    if (!type.modelled) return listOf(type, objects);
    const { columns, row } = tableOf(type.modelled);
    return {
      kind: "Table",
      apiVersion: "meta.k8s.io/v1",
      metadata: { resourceVersion: String(this.#world.store.resourceVersion) },
      columnDefinitions: columns.map(({ name, wide }) => ({
        name,
        type: "string",
        format: name === "Name" ? "name" : "",
        description: "",
        priority: wide ? 1 : 0,
      })),
      rows: objects.map((object) => ({
        cells: row(object, { nowUs: this.#world.nowUs }),
        object: whole
          ? object
          : {
              kind: "PartialObjectMetadata",
              apiVersion: "meta.k8s.io/v1",
              metadata: object.metadata,
            },
      })),
    };
  }

  #write(target: Target, body: string, request: IncomingMessage, url: URL): Answer {
    const { method = "", headers } = request;
    const command = this.#commandOf(target, method, body, headers["content-type"] ?? "");
    if (!command) return answer(404, notFound(target));
    if (command === "no such thing")
      return answer(
        404,
        failure(404, "NotFound", "the server could not find the requested resource"),
      );
    if (command === "not an object") {
      const what = body.startsWith("[") ? "array" : "string";
      const words = `json: cannot unmarshal ${what} into Go value of type map[string]interface {}`;
      return answer(400, failure(400, "BadRequest", words));
    }
    if (command === "bad patch")
      return answer(
        422,
        failure(422, "Invalid", "the server rejected our request due to an error in our request"),
      );
    const dryRun = url.searchParams.get("dryRun") || isDryRun(body);
    const world = dryRun ? this.#world.fork() : this.#world;
    const told = world.execute(command);
    const result = dryRun ? unstored(told, this.#world.store) : told;
    if (!result.ok) {
      const status = result.refusals[0]?.status;
      if (!status) throw new Error("a refusal without a status");
      return answer(status.code, statusOf(target, status));
    }
    world.settle(60 * SECOND);
    const object = result.applied[0]?.object;
    if (object && target.subresource === "scale") return answer(200, scaleOf(object));
    if (method !== "DELETE")
      return answer(method === "POST" ? 201 : 200, object && present(object));
    const details = { name: target.name, kind: target.type.plural };
    return answer(200, {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Success",
      details,
    });
  }

  #commandOf(
    target: Target,
    method: string,
    body: string,
    type: string,
  ): Command | "bad patch" | "no such thing" | "not an object" | undefined {
    const old = this.#find(target);
    if (method === "DELETE") {
      if (!old) return undefined;
      const grace = body === "" ? undefined : (JSON.parse(body) as JsonObject).gracePeriodSeconds;
      return {
        type: "delete",
        key: objectKey({
          ...old,
          metadata: {
            ...old.metadata,
            namespace: target.type.namespaced ? (target.namespace ?? "") : "",
          },
        }),
        ...(typeof grace === "number" && { gracePeriodSeconds: grace }),
      };
    }
    const given = JSON.parse(body) as JsonObject;
    if (method === "POST") {
      if (target.subresource === "eviction")
        return { type: "delete", key: `Pod/${target.namespace}/${target.name}` };
      const metadata = {
        ...(given.metadata as JsonObject),
        ...(target.namespace !== undefined && { namespace: target.namespace }),
      };
      return { type: "create", manifest: { ...given, metadata } };
    }
    if (!old) return undefined;
    if (target.subresource === "scale" && !("replicas" in specOf(old))) return "no such thing";
    if (method === "PUT" && target.subresource === "scale")
      return {
        type: "patch",
        key: objectKey(this.#findStored(target) ?? old),
        patch: { spec: { replicas: fieldOf(given.spec, "replicas") } },
      };
    if (method === "PUT") return { type: "replace", manifest: given };
    const stored = this.#findStored(target) as unknown as JsonObject;
    const shift = unshift(given, this.#shiftMs) as JsonObject;
    if (type.includes("json-patch")) {
      const patched = applyJsonPatch(stored, isList(shift) ? shift : [shift]);
      return patched.ok ? { type: "replace", manifest: patched.value } : "bad patch";
    }
    if (!isObject(shift)) return "not an object";
    const merged = type.includes("strategic")
      ? strategicMerge(stored, shift)
      : (mergePatch(stored, shift) as JsonObject);
    return { type: "replace", manifest: merged };
  }

  #shifted(value: unknown): unknown {
    return unshift(value, -this.#shiftMs);
  }
}

interface Answer {
  readonly code: number;
  readonly value: unknown;
}

const answer = (code: number, value: unknown): Answer => ({ code, value });

interface Target {
  readonly type: ResourceType;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

function targetOf(path: string): Target | undefined {
  const parts = path.split("/").filter((part) => part !== "");
  const [root, ...rest] = parts;
  const [group, version, ...more] = root === "api" ? ["", ...rest] : rest;
  let path_ = more;
  let namespace: string | undefined;
  if (path_[0] === "namespaces" && path_.length > 2) {
    namespace = path_[1] ?? "";
    path_ = path_.slice(2);
  }
  const [plural, name, subresource] = path_;
  const type = RESOURCE_TYPES.find(
    (one) => one.plural === plural && one.group === group && one.version === version,
  );
  return (
    type && {
      type,
      ...(namespace !== undefined && { namespace }),
      ...(name !== undefined && { name }),
      ...(subresource !== undefined && { subresource }),
    }
  );
}

function listOf(type: ResourceType, items: readonly KubeObject[]) {
  return {
    kind: `${type.kind}List`,
    apiVersion: apiVersionOf(type),
    metadata: { resourceVersion: "1" },
    items,
  };
}

function failure(code: number, reason: string, message: string, details: object = {}) {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    details,
    code,
  };
}

function notFound({ type, name = "" }: Target) {
  const plural = type.group === "" ? type.plural : `${type.plural}.${type.group}`;
  return failure(404, "NotFound", `${plural} "${name}" not found`, {
    name,
    group: type.group,
    kind: type.plural,
  });
}

function statusOf(
  { type, name }: Target,
  {
    code,
    reason,
    message,
    causes,
  }: {
    code: number;
    reason: string;
    message: string;
    causes?: readonly { field: string; message: string }[];
  },
) {
  const details = {
    name: name ?? /"([^"]*)"/.exec(message)?.[1] ?? "",
    group: type.group,
    kind: reason === "Invalid" ? type.kind : type.plural,
    causes: (causes ?? []).map((cause) => ({ reason: "FieldValueInvalid", ...cause })),
  };
  return failure(code, reason, message, details);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const body = Buffer.concat(chunks);
  return isProtobuf(body) ? JSON.stringify(decodeProtobuf(body)) : body.toString("utf8");
}

function specOf(object: KubeObject): object {
  return "spec" in object ? object.spec : {};
}

/** `dryRun` of DeleteOptions. */
function isDryRun(body: string): boolean {
  if (!body.startsWith("{")) return false;
  const value = fieldOf(JSON.parse(body), "dryRun");
  return isList(value) && value.includes("All");
}

/** Moves every timestamp by so many milliseconds back. */
function unshift(value: unknown, ms: number): unknown {
  if (typeof value === "string") {
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) || parseTimestamp(value) === undefined)
      return value;
    return new Date(Math.round((Date.parse(value) - ms) / 1_000) * 1_000)
      .toISOString()
      .replace(".000Z", "Z");
  }
  if (Array.isArray(value)) return value.map((item) => unshift(item, ms));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unshift(item, ms)]));
}
