import { findInterface, type Netns, type Sysctls } from "./netns";

type Field = keyof Sysctls;

const GLOBALS: Readonly<Record<string, Field>> = {
  "net.bridge.bridge-nf-call-iptables": "bridgeNfCallIptables",
  "net.ipv4.ip_forward": "ipForward",
};

/** Settings that each interface has beside those of `all`. */
const CONF: Readonly<Record<string, "rpFilter" | "routeLocalnet">> = {
  route_localnet: "routeLocalnet",
  rp_filter: "rpFilter",
};

interface Setting {
  readonly field: Field;
  /** Absent: the namespace's own. */
  readonly device?: string;
}

/** A kernel setting by sysctl(8)'s name; undefined for one that we do not model, or of no interface. */
export function readSysctl(netns: Netns, name: string): number | undefined {
  const setting = findSetting(netns, name);
  if (!setting) return undefined;
  const { field, device } = setting;
  if (device === undefined) return Number(netns.sysctls[field]);
  const conf: Partial<Sysctls> = findInterface(netns, device)?.conf ?? {};
  return Number(conf[field] ?? 0);
}

/** The namespace with that setting; undefined for a setting that there is not, or a value that it does not take. */
export function writeSysctl(netns: Netns, name: string, value: number): Netns | undefined {
  const setting = findSetting(netns, name);
  if (!setting) return undefined;
  const { field, device } = setting;
  const greatest = field === "rpFilter" ? 2 : 1;
  if (!Number.isInteger(value) || value < 0 || value > greatest) return undefined;
  const change: Partial<Sysctls> = { [field]: field === "rpFilter" ? value : value === 1 };
  if (device === undefined) return { ...netns, sysctls: { ...netns.sysctls, ...change } };
  const interfaces = netns.interfaces.map((one) =>
    one.name === device ? { ...one, conf: { ...one.conf, ...change } } : one,
  );
  return { ...netns, interfaces };
}

/** All of the namespace's, and of its interfaces those that were set, in sysctl's order. */
export function sysctlNames({ interfaces }: Netns): readonly string[] {
  const names = [
    ...Object.keys(GLOBALS),
    ...Object.keys(CONF).map((key) => confName("all", key)),
    ...interfaces.flatMap(({ name, conf = {} }) =>
      Object.entries(CONF).flatMap(([key, field]) =>
        conf[field] === undefined ? [] : [confName(name, key)],
      ),
    ),
  ];
  return names.sort((a, b) => (a < b ? -1 : 1));
}

function findSetting(netns: Netns, name: string): Setting | undefined {
  const field = GLOBALS[name];
  if (field !== undefined && Object.hasOwn(GLOBALS, name)) return { field };
  for (const [key, confField] of Object.entries(CONF)) {
    if (name === confName("all", key)) return { field: confField };
    const device = netns.interfaces.find((one) => name === confName(one.name, key));
    if (device) return { field: confField, device: device.name };
  }
  return undefined;
}

function confName(device: string, key: string): string {
  return `net.ipv4.conf.${device}.${key}`;
}
