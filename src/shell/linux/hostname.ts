import { formatIpv4 } from "../../core/net/ipv4";
import { gnuError, parseOptions } from "../options";
import { fail, type Program, print } from "../process";
import { findNetns } from "./network";

const OPTIONS = {
  "all-ip-addresses": { short: "I" },
  "ip-address": { short: "i" },
  short: { short: "s" },
  fqdn: { short: "f" },
  long: {},
  domain: { short: "d" },
} as const;

export const hostname: Program = async (process) => {
  const { values, rest, error } = parseOptions(process.args, OPTIONS);
  if (error) return fail(process, gnuError(process.name, error));
  if (rest[0] !== undefined)
    return fail(process, `${process.name}: you must be root to change the host name`);
  const read = process.files.read("/etc/hostname");
  const name = read.ok ? read.value.trim() : (process.env.HOSTNAME ?? "");
  if (values["all-ip-addresses"] || values["ip-address"]) {
    const ips = (findNetns(process)?.interfaces ?? [])
      .filter(({ kind }) => kind !== "loopback")
      .flatMap(({ addresses }) => addresses.map(({ ip }) => formatIpv4(ip)));
    await print(process, values["ip-address"] ? (ips[0] ?? "") : `${ips.join(" ")} `);
    return 0;
  }
  await print(process, values.domain ? "" : name);
  return 0;
};
