/** Of /etc/services, the ports that one meets here. */
const NAMES: Readonly<Record<number, string>> = {
  22: "ssh",
  53: "domain",
  80: "http",
  443: "https",
  2379: "etcd-client",
  3306: "mysql",
  5432: "postgresql",
  6379: "redis",
  8080: "http-alt",
};

export function portName(port: string, numeric: boolean): string {
  return (numeric ? undefined : NAMES[Number(port)]) ?? port;
}
