import { failure, usageFailure } from "../failure";
import type { Verb } from "../verb";
import { createObject, UNRECORDED_FLAGS } from "./writing";

const RULE = /^([^/=:,]*)(\/[^=]*)=([^:,=]+):([^:,=]+)(?:,tls(?:=(.*))?)?$/;

/** `--rule=HOST/PATH=SERVICE:PORT[,tls[=SECRET]]`. Source: kubectl/pkg/cmd/create/create_ingress.go. */
export const createIngress: Verb = {
  name: "create ingress",
  flags: {
    ...UNRECORDED_FLAGS,
    rule: { value: true },
    class: { value: true },
    "default-backend": { value: true },
    annotation: { value: true },
  },
  run: async (kubectl) => {
    const { args, flags } = kubectl;
    const [name] = args;
    if (name === undefined || args.length > 1)
      throw usageFailure(`exactly one NAME is required, got ${args.length}`, "create ingress");
    const rules = flags.all("rule").map(parseRule);
    const backend = flags.text("default-backend");
    if (rules.length === 0 && backend === undefined)
      throw failure(
        "not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)",
      );
    const annotations = Object.fromEntries(flags.all("annotation").map(parseAnnotation));
    const className = flags.text("class");
    const manifest = {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name, ...(flags.has("annotation") && { annotations }) },
      spec: {
        ...(className !== undefined && { ingressClassName: className }),
        ...(backend !== undefined && { defaultBackend: defaultBackend(backend) }),
        ...(rules.length > 0 && { rules: byHost(rules) }),
        ...(rules.some(({ secret }) => secret !== undefined) && { tls: certificates(rules) }),
      },
    };
    await createObject(kubectl, manifest, "created", (message) =>
      failure(`failed to create ingress: ${message}`),
    );
    return 0;
  },
};

interface Rule {
  readonly host: string;
  readonly path: string;
  readonly service: string;
  readonly port: string;
  /** "" where the certificate's Secret has no name. */
  readonly secret: string | undefined;
}

function parseRule(text: string): Rule {
  const match = RULE.exec(text);
  if (!match)
    throw failure(
      `rule ${text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`,
    );
  const [, host = "", path = "", service = "", port = "", secret] = match;
  return {
    host,
    path,
    service,
    port,
    secret: /,tls(?:=|$)/.test(text) ? (secret ?? "") : undefined,
  };
}

function parseAnnotation(text: string): readonly [string, string] {
  const equals = text.indexOf("=");
  if (equals < 1)
    throw failure(`annotation ${text} is invalid and should be in format key=[value]`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function defaultBackend(text: string) {
  const [service = "", port = "", ...more] = text.split(":");
  if (service === "" || port === "" || more.length > 0)
    throw failure("default-backend should be in format servicename:serviceport");
  return backendOf(service, port);
}

function backendOf(name: string, port: string) {
  return {
    service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } },
  };
}

/** A path that ends with a star means everything below it. */
function byHost(rules: readonly Rule[]) {
  return [...new Set(rules.map(({ host }) => host))].map((host) => {
    const paths = rules
      .filter((rule) => rule.host === host)
      .map(({ path, service, port }) => ({
        backend: backendOf(service, port),
        path: path.replace(/\*$/, ""),
        pathType: path.endsWith("*") ? "Prefix" : "Exact",
      }));
    return { ...(host !== "" && { host }), http: { paths } };
  });
}

function certificates(rules: readonly Rule[]) {
  const secured = rules.filter(({ secret }) => secret !== undefined);
  return [...new Set(secured.map(({ secret }) => secret))].map((secret) => {
    const hosts = [
      ...new Set(secured.filter((one) => one.secret === secret).map((one) => one.host)),
    ];
    const named = hosts.filter((host) => host !== "");
    return {
      ...(named.length > 0 && { hosts: named }),
      ...(secret !== "" && { secretName: secret }),
    };
  });
}
