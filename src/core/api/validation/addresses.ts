import { parseCidr } from "../../net/cidr";
import { parseIpv4 } from "../../net/ipv4";
import { type FieldError, invalid } from "./field-error";

/** Source: apimachinery/pkg/util/validation/ip.go v0.32 and ValidateNonSpecialIP in core/validation. */
export const NOT_AN_IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
export const NOT_A_CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

/** Written form only: addresses of that family are kept, not simulated. */
export function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups[groups.length - 1];
  const embedded = last !== undefined && parseIpv4(last) !== undefined;
  const hex = embedded ? groups.slice(0, -1) : groups;
  const count = hex.length + (embedded ? 2 : 0);
  const complete = halves.length === 2 ? count <= 7 : count === 8;
  return complete && hex.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group));
}

export function isIp(text: string): boolean {
  return parseIpv4(text) !== undefined || isIpv6(text);
}

export function isCidr(text: string): boolean {
  if (parseCidr(text)) return true;
  const [ip = "", prefix = "", ...rest] = text.split("/");
  return rest.length === 0 && isIpv6(ip) && /^\d{1,3}$/.test(prefix) && Number(prefix) <= 128;
}

export function validateNonSpecialIp(field: string, text: string): FieldError[] {
  const ip = parseIpv4(text);
  if (ip === undefined) return [];
  const first = ip >>> 24;
  if (ip === 0) return [invalid(field, text, "may not be unspecified (0.0.0.0 or ::)")];
  if (first === 127) {
    return [invalid(field, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)")];
  }
  if (ip >>> 16 === 0xa9fe) {
    return [invalid(field, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)")];
  }
  if (ip >>> 8 === 0xe00000) {
    return [
      invalid(
        field,
        text,
        "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)",
      ),
    ];
  }
  return [];
}
