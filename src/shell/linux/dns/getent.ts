import { formatIpv4, parseIpv4 } from "../../../core/net/ipv4";
import { hint } from "../../hint";
import { sourceOf } from "../../place";
import { fail, type Process, type Program, print } from "../../process";

/** Source: glibc nss/getent.c: the exit code for a key that is not found. */
const NOT_FOUND = 2;

/** `getent hosts NAME`: what programs of the C library get, /etc/hosts first. */
export const getent: Program = async (process) => {
  const [database, ...keys] = process.args.filter((word) => !word.startsWith("-"));
  if (database === undefined)
    return fail(
      process,
      "getent: wrong number of arguments\nTry `getent --help' or `getent --usage' for more information.",
    );
  if (!/^a?hosts(?:v4)?$/.test(database)) {
    await hint(process, `getent ${database} is not modelled here`);
    return 1;
  }
  const hosts = readHosts(process);
  if (keys.length === 0) {
    for (const { ip, names } of hosts) await print(process, `${ip.padEnd(15)} ${names.join(" ")}`);
    return 0;
  }
  let status = 0;
  for (const key of keys) {
    const found = await find(process, key, hosts);
    if (found.length === 0) status = NOT_FOUND;
    for (const [index, { ip, name }] of found.entries())
      for (const line of database === "hosts"
        ? [`${ip.padEnd(15)} ${name}`]
        : sockets(ip, index === 0 ? name : ""))
        await print(process, line);
  }
  return status;
};

function sockets(ip: string, name: string): readonly string[] {
  return [
    `${ip.padEnd(15)} STREAM ${name}`,
    `${ip.padEnd(15)} DGRAM  `,
    `${ip.padEnd(15)} RAW    `,
  ];
}

interface Entry {
  readonly ip: string;
  readonly names: readonly string[];
}

function readHosts({ files }: Process): readonly Entry[] {
  const read = files.read("/etc/hosts");
  return (read.ok ? read.value : "").split("\n").flatMap((line) => {
    const [ip = "", ...names] = (line.split("#")[0] ?? "").trim().split(/\s+/);
    return ip === "" ? [] : [{ ip, names }];
  });
}

/** A name's addresses as programs of the C library get them. */
export function addressesOf(process: Process, name: string): Promise<readonly { ip: string }[]> {
  return find(process, name, readHosts(process));
}

async function find(
  process: Process,
  key: string,
  hosts: readonly Entry[],
): Promise<readonly { ip: string; name: string }[]> {
  const own = hosts.find(({ ip, names }) => names.includes(key) || ip === key);
  if (own) return [{ ip: own.ip, name: own.names.join(" ") }];
  const from = sourceOf(process.place);
  if (from === undefined || parseIpv4(key) !== undefined) return [];
  const sent = await process.cluster.request(
    from,
    `${key}:80`,
    { lookupOnly: true },
    process.interrupt,
  );
  if (!sent.ok) return [];
  const { resolved = [], hops } = sent.value;
  const records = hops.flatMap(({ after }) => after.dns?.answer?.answers ?? []);
  const canonical = records.filter((one) => one.type === "A").at(-1)?.name ?? key;
  return resolved.map((ip) => ({ ip: formatIpv4(ip), name: canonical }));
}
