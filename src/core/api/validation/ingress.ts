import type { Ingress, IngressBackend, IngressPath, IngressRule } from "../types";
import { isIp } from "./addresses";
import { type FieldError, invalid, required, unsupported } from "./field-error";
import { rule, validateObjectMeta } from "./meta";
import {
  checkDns1035Label,
  checkDns1123Subdomain,
  checkPortName,
  checkPortNumber,
  checkWildcardDns1123Subdomain,
} from "./names";

/** What came before spec.ingressClassName. */
export const INGRESS_CLASS_ANNOTATION = "kubernetes.io/ingress.class";

const PATH_TYPES = ["Exact", "ImplementationSpecific", "Prefix"];
const FORBIDDEN_IN_PATH = ["//", "/./", "/../", "%2f", "%2F"];
const FORBIDDEN_AT_END = ["/..", "/."];

/** Source: pkg/apis/networking/validation, ValidateIngressCreate. */
export function validateIngress(ingress: Ingress): FieldError[] {
  const { spec, metadata } = ingress;
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  const errors = validateObjectMeta(ingress);
  if (rules.length === 0 && !defaultBackend) {
    const none = { go: "[]networking.IngressRule(nil)" };
    errors.push(invalid("spec", none, "either `defaultBackend` or `rules` must be specified"));
  }
  if (defaultBackend) errors.push(...validateBackend(defaultBackend, "spec.defaultBackend"));
  errors.push(...rules.flatMap((one, index) => validateRule(one, `spec.rules[${index}]`)));
  for (const [index, { hosts = [], secretName = "" }] of tls.entries()) {
    const field = `spec.tls[${index}]`;
    for (const [host, name] of hosts.entries())
      errors.push(...rule(`${field}.hosts[${host}]`, name, checkHost));
    if (secretName !== "")
      errors.push(...rule(`${field}.secretName`, secretName, checkDns1123Subdomain));
  }
  if (ingressClassName !== undefined)
    errors.push(...rule("spec.ingressClassName", ingressClassName, checkDns1123Subdomain));
  const annotated = metadata.annotations?.[INGRESS_CLASS_ANNOTATION];
  if (annotated !== undefined && ingressClassName !== undefined && annotated !== ingressClassName) {
    const words = "must match `ingressClassName` when both are specified";
    errors.push(invalid(`annotations.${INGRESS_CLASS_ANNOTATION}`, annotated, words));
  }
  return errors;
}

function checkHost(host: string): string[] {
  return host.includes("*") ? checkWildcardDns1123Subdomain(host) : checkDns1123Subdomain(host);
}

function validateRule({ host = "", http }: IngressRule, field: string): FieldError[] {
  const errors: FieldError[] = [];
  if (host !== "" && isIp(host))
    errors.push(invalid(`${field}.host`, host, "must be a DNS name, not an IP address"));
  if (host !== "") errors.push(...rule(`${field}.host`, host, checkHost));
  if (!http) return errors;
  const paths = http.paths ?? [];
  if (paths.length === 0) errors.push(required(`${field}.http.paths`));
  errors.push(...paths.flatMap((one, at) => validatePath(one, `${field}.http.paths[${at}]`)));
  return errors;
}

function validatePath({ path = "", pathType, backend }: IngressPath, field: string): FieldError[] {
  if (pathType === undefined) return [required(`${field}.pathType`, "pathType must be specified")];
  const errors: FieldError[] = [];
  const wrong = (words: string) => errors.push(invalid(`${field}.path`, path, words));
  const isAbsolute = path.startsWith("/");
  if (pathType === "Exact" || pathType === "Prefix") {
    if (!isAbsolute) wrong("must be an absolute path");
    for (const part of FORBIDDEN_IN_PATH)
      if (path.includes(part)) wrong(`must not contain '${part}'`);
    for (const end of FORBIDDEN_AT_END) if (path.endsWith(end)) wrong(`cannot end with '${end}'`);
  } else if (pathType === "ImplementationSpecific") {
    if (path !== "" && !isAbsolute) wrong("must be an absolute path");
  } else errors.push(unsupported(`${field}.pathType`, pathType, PATH_TYPES));
  return [...errors, ...validateBackend(backend ?? {}, `${field}.backend`)];
}

function validateBackend({ service, resource }: IngressBackend, field: string): FieldError[] {
  if (service && resource)
    return [invalid(field, "", "cannot set both resource and service backends")];
  if (resource) {
    const { kind = "", name = "" } = resource;
    return [
      ...(kind === "" ? [required(`${field}.resource.kind`)] : []),
      ...(name === "" ? [required(`${field}.resource.name`)] : []),
    ];
  }
  if (!service) return [invalid(field, "", "resource or service backend is required")];
  const { name = "", port = {} } = service;
  const errors =
    name === ""
      ? [required(`${field}.service.name`)]
      : rule(`${field}.service.name`, name, checkDns1035Label);
  const { name: portName = "", number = 0 } = port;
  if (portName !== "" && number !== 0)
    errors.push(invalid(field, "", "cannot set both port name & port number"));
  else if (portName !== "")
    errors.push(...rule(`${field}.service.port.name`, portName, checkPortName));
  else if (number !== 0)
    errors.push(
      ...checkPortNumber(number).map((problem) =>
        invalid(`${field}.service.port.number`, number, problem),
      ),
    );
  else errors.push(required(field, "port name or number is required"));
  return errors;
}
