import type { Container } from "../api/types";
import type { ServedPort } from "../controllers/context";
import { formatIpv4 } from "../net/ipv4";
import { commandLine } from "./command-line";
import { imageName } from "./images";

/** nginx tries so often, half a second apart. Source: nginx, ngx_open_listening_sockets. */
const NGINX_TRIES = 5;

/** What a program writes when another has its port, before it exits with 1.
 *  Simplified: what we do not know speaks as a Go program does. */
export function bindFailure(container: Container, { ip, port }: ServedPort): readonly string[] {
  const name = imageName(container.image);
  if (/^nginx/.test(name)) {
    const bound = `bind() to ${formatIpv4(ip ?? 0)}:${port} failed (98: Address already in use)`;
    const tries = Array.from({ length: NGINX_TRIES }, () => `nginx: [emerg] ${bound}`);
    return [...tries, "nginx: [emerg] still could not bind()"];
  }
  if (/python/.test(commandLine(container))) return ["OSError: [Errno 98] Address already in use"];
  if (/^httpd/.test(name))
    return [
      `(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:${port}`,
      "no listening sockets available, shutting down",
    ];
  const address = ip === undefined ? "" : formatIpv4(ip);
  const failed = `listen tcp ${address}:${port}: bind: address already in use`;
  return /^kuard/.test(name) ? [`Serving on HTTP on ${address}:${port}`, failed] : [failed];
}
