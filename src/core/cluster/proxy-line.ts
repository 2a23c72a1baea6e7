import type { Store } from "../api/store";
import { formatIpv4 } from "../net/ipv4";
import type { Tuple } from "../net/tuple";

/** In life an option of the program: nginx has `listen 80 proxy_protocol`. */
const ANNOTATION = "kubehop.dev/proxy-protocol";

/** `PROXY TCP4 203.0.113.10 192.0.2.10 40000 80`, from the client to the load balancer.
 *  Source: HAProxy, The PROXY protocol, section 2.1. */
export function formatProxyLine({ src, dst, sport, dport }: Tuple): string {
  return `PROXY TCP4 ${formatIpv4(src)} ${formatIpv4(dst)} ${sport} ${dport}`;
}

/** `203.0.113.10:40000` */
export function clientOfProxyLine(line: string): string {
  const [, , src = "", , sport = ""] = line.split(" ");
  return `${src}:${sport}`;
}

/** Pods say in an annotation whether their program expects such a line. */
export function readsProxyLine(store: Store, owner: string): boolean {
  const [kind, namespace = "", name = ""] = owner.split("/");
  const pod = kind === "pod" ? store.find("Pod", namespace, name) : undefined;
  return pod?.metadata.annotations?.[ANNOTATION] === "true";
}
