import { parseIpv4 } from "../../net/ipv4";
import type { EndpointAddress, EndpointSlice, Endpoints } from "../types";
import { isIp, isIpv6, NOT_AN_IP, validateNonSpecialIp } from "./addresses";
import { duplicate, type FieldError, invalid, required, tooMany, unsupported } from "./field-error";
import { rule, validateObjectMeta } from "./meta";
import { checkDns1123Label, checkDns1123Subdomain, checkPortNumber } from "./names";

const ADDRESS_TYPES = ["FQDN", "IPv4", "IPv6"];
const PROTOCOLS = ["SCTP", "TCP", "UDP"];
const MAX_ENDPOINTS = 1_000;
const MAX_ADDRESSES = 100;

/** Source: ValidateEndpointSlice in discovery/validation. Simplified: topology and hints are taken as they are. */
export function validateEndpointSlice(slice: EndpointSlice): FieldError[] {
  const errors = validateObjectMeta(slice);
  const type: string = slice.addressType;
  if (type === "") errors.push(required("addressType"));
  else if (!ADDRESS_TYPES.includes(type)) {
    errors.push(unsupported("addressType", type, ADDRESS_TYPES));
  }
  if (slice.endpoints.length > MAX_ENDPOINTS) {
    errors.push(tooMany("endpoints", slice.endpoints.length, MAX_ENDPOINTS));
  }
  for (const [index, { addresses }] of slice.endpoints.entries()) {
    const field = `endpoints[${index}].addresses`;
    if (addresses.length === 0) errors.push(required(field, "must contain at least 1 address"));
    if (addresses.length > MAX_ADDRESSES)
      errors.push(tooMany(field, addresses.length, MAX_ADDRESSES));
    for (const [at, address] of addresses.entries()) {
      errors.push(...validateAddress(slice.addressType, address, `${field}[${at}]`));
    }
  }
  return [...errors, ...validateSlicePorts(slice)];
}

export function validateEndpointSliceUpdate(
  slice: EndpointSlice,
  old: EndpointSlice,
): FieldError[] {
  const errors = validateEndpointSlice(slice);
  if (slice.addressType !== old.addressType) {
    errors.push(invalid("addressType", slice.addressType, "field is immutable"));
  }
  return errors;
}

function validateAddress(type: string, address: string, field: string): FieldError[] {
  switch (type) {
    case "IPv4":
      if (parseIpv4(address) === undefined) {
        return [invalid(field, address, "must be a valid IPv4 address")];
      }
      return validateNonSpecialIp(field, address);
    case "IPv6":
      return isIpv6(address) ? [] : [invalid(field, address, "must be a valid IPv6 address")];
    default:
      return type === "FQDN" ? rule(field, address.replace(/\.$/, ""), checkDns1123Subdomain) : [];
  }
}

function validateSlicePorts({ ports }: EndpointSlice): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap(({ name = "", port, protocol = "TCP" }, index) => {
    const field = `ports[${index}]`;
    const errors = name === "" ? [] : rule(`${field}.name`, name, checkDns1123Label);
    if (names.has(name)) errors.push(duplicate(`${field}.name`, name));
    names.add(name);
    if (!PROTOCOLS.includes(protocol))
      errors.push(unsupported(`${field}.protocol`, protocol, PROTOCOLS));
    if (port !== undefined) {
      errors.push(
        ...checkPortNumber(port).map((problem) => invalid(`${field}.port`, port, problem)),
      );
    }
    return errors;
  });
}

/** Source: ValidateEndpoints in core/validation. */
export function validateEndpoints(endpoints: Endpoints): FieldError[] {
  const errors = validateObjectMeta(endpoints);
  for (const [index, subset] of (endpoints.subsets ?? []).entries()) {
    const field = `subsets[${index}]`;
    const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
    if (addresses.length + notReadyAddresses.length === 0) {
      errors.push(required(field, "must specify `addresses` or `notReadyAddresses`"));
    }
    errors.push(...validateAddresses(addresses, `${field}.addresses`));
    errors.push(...validateAddresses(notReadyAddresses, `${field}.notReadyAddresses`));
    for (const [at, { name, port, protocol }] of ports.entries()) {
      const where = `${field}.ports[${at}]`;
      if (!name) {
        if (ports.length > 1) errors.push(required(`${where}.name`));
      } else errors.push(...rule(`${where}.name`, name, checkDns1123Label));
      errors.push(
        ...checkPortNumber(port).map((problem) => invalid(`${where}.port`, port, problem)),
      );
      if (!PROTOCOLS.includes(protocol)) {
        errors.push(unsupported(`${where}.protocol`, protocol, PROTOCOLS));
      }
    }
  }
  return errors;
}

function validateAddresses(addresses: readonly EndpointAddress[], field: string): FieldError[] {
  return addresses.flatMap(({ ip }, index) => {
    const at = `${field}[${index}].ip`;
    return isIp(ip) ? validateNonSpecialIp(at, ip) : [invalid(at, ip, NOT_AN_IP)];
  });
}
