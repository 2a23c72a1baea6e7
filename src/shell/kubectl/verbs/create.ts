import type { JsonObject } from "../../../core/api/json";
import { refusalOf } from "../api";
import { failure, KubectlFailure, statusFailure, usageFailure } from "../failure";
import { requireFlags } from "../flags";
import { FILE_FLAGS, readManifests, requireFiles } from "../manifests";
import type { Kubectl, Verb } from "../verb";
import { createObject, UNRECORDED_FLAGS, WRITE_FLAGS, writeManifests } from "./writing";

/** `create -f FILE` */
export const create: Verb = {
  name: "create",
  flags: { ...WRITE_FLAGS, ...FILE_FLAGS, selector: { short: "l", value: true }, edit: {} },
  run: async (kubectl) => {
    const [what] = kubectl.args;
    if (what !== undefined)
      throw usageFailure(`Unexpected args: [${kubectl.args.join(" ")}]`, "create");
    requireFiles(kubectl);
    const given = await readManifests(kubectl);
    return writeManifests(kubectl, given, {
      type: "create",
      outcome: "created",
      doing: "creating",
    });
  },
};

/** The one NAME of a typed create. */
function nameOf({ args }: Kubectl, command: string): string {
  const [name] = args;
  if (name === undefined || args.length > 1)
    throw usageFailure(`exactly one NAME is required, got ${args.length}`, command);
  return name;
}

const failedTo = (what: string) => (message: string) =>
  failure(`failed to create ${what}: ${message}`);

export const createDeployment: Verb = {
  name: "create deployment",
  flags: {
    ...UNRECORDED_FLAGS,
    image: { value: true },
    replicas: { short: "r", value: true },
    port: { value: true },
  },
  run: async (kubectl) => {
    const { flags, args } = kubectl;
    requireFlags(flags, ["image"]);
    const dash = flags.dashAt;
    const [name, ...more] = dash === undefined ? args : args.slice(0, dash);
    if (name === undefined || more.length > 0)
      throw usageFailure(
        `exactly one NAME is required, got ${more.length + (name === undefined ? 0 : 1)}`,
        "create deployment",
      );
    const command = dash === undefined ? [] : args.slice(dash);
    const images = flags.list("image");
    const port = flags.number("port");
    const labels = { app: name };
    const containers = images.map((image) => ({
      image,
      name: containerName(image, kubectl),
      ...(command.length > 0 && { command }),
      ...(port !== undefined && { ports: [{ containerPort: port }] }),
    }));
    const manifest = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { labels, name },
      spec: {
        replicas: flags.number("replicas") ?? 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    };
    await createObject(kubectl, manifest, "created", failedTo("deployment"));
    return 0;
  },
};

/** `gcr.io/a/nginx:2` is `nginx`; what is no name for a container is made one, with a random end.
 *  Source: kubectl/pkg/cmd/create/create_deployment.go, sanitizeAndUniquify. */
function containerName(image: string, { api }: Kubectl): string {
  const last = (image.split("/").at(-1) ?? "").split("@")[0]?.split(":")[0] ?? "";
  if (!/[._]/.test(last)) return last;
  const random = api.cluster.random(`container/${image}`);
  const end = Array.from({ length: 5 }, () => random.pick([..."bcdfghjklmnpqrstvwxz2456789"]));
  return `${last.replace(/[._]/g, "-")}-${end.join("")}`;
}

export const createNamespace: Verb = {
  name: "create namespace",
  flags: UNRECORDED_FLAGS,
  run: async (kubectl) => {
    const name = nameOf(kubectl, "create namespace");
    const manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    const wrap = (message: string) => refusedAs(kubectl, manifest, message);
    await createObject(kubectl, manifest, "created", wrap);
    return 0;
  },
};

/** The server's answer once more, with its reason. */
function refusedAs(kubectl: Kubectl, manifest: JsonObject, message: string): Error {
  const result = kubectl.api.execute({ type: "create", manifest }, true);
  return result.ok ? new KubectlFailure(message) : statusFailure(refusalOf(result));
}

const SERVICE_FLAGS = {
  ...UNRECORDED_FLAGS,
  tcp: { value: true },
  clusterip: { value: true },
  "node-port": { value: true },
  "external-name": { value: true },
} as const;

const createService = (type: string, word: string): Verb => ({
  name: `create service ${word}`,
  flags: SERVICE_FLAGS,
  run: async (kubectl) => {
    const { flags } = kubectl;
    const name = nameOf(kubectl, `create service ${word}`);
    const clusterIP = flags.text("clusterip");
    const headless = type === "ClusterIP" && clusterIP === "None";
    if (type === "ExternalName") requireFlags(flags, ["external-name"]);
    if (!flags.has("tcp") && !headless && type !== "ExternalName")
      throw failure("at least one tcp port specifier must be provided");
    const nodePort = flags.number("node-port");
    const ports = flags.list("tcp").map((text) => ({
      ...servicePort(text),
      ...(nodePort !== undefined && { nodePort }),
    }));
    const manifest = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { labels: { app: name }, name },
      spec: {
        ...(clusterIP !== undefined && { clusterIP }),
        ...(type === "ExternalName" && { externalName: flags.text("external-name") }),
        ...(ports.length > 0 && { ports }),
        selector: { app: name },
        type,
      },
    };
    await createObject(kubectl, manifest, "created", failedTo(`${type} service`));
    return 0;
  },
});

/** `80:8080`, `80`, `80:http`. */
function servicePort(text: string) {
  const [port = "", target = port] = text.split(":");
  if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    throw failure(
      `strconv.ParseUint: parsing "${port}": ${/^\d+$/.test(port) ? "value out of range" : "invalid syntax"}`,
    );
  if (!/^\d+$/.test(target) && !/^[a-z0-9-]+$/.test(target))
    throw failure("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  const targetPort = /^\d+$/.test(target) ? Number(target) : target;
  const name = text.replace(":", "-");
  return { name, port: Number(port), protocol: "TCP", targetPort };
}

export const CREATE_VERBS: readonly Verb[] = [
  create,
  createDeployment,
  createNamespace,
  createService("ClusterIP", "clusterip"),
  createService("NodePort", "nodeport"),
  createService("LoadBalancer", "loadbalancer"),
  createService("ExternalName", "externalname"),
];
