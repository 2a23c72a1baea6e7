import type { HttpResponse } from "../net/http-message";
import type { GatewayProgram } from "../programs/gateways";

/** Why a gateway answers itself. */
export type OwnAnswer =
  | "noRoute"
  /** The route's Service is not there, or has no endpoint. */
  | "noEndpoints"
  | "refused"
  | "unreachable"
  /** The backend did not take the connection in time. */
  | "connectTimeout"
  /** It took it, and says nothing. */
  | "silent"
  | "reset";

/** The page of nginx for a status, as its source has it. Source: ngx_http_special_response.c. */
function nginxPage(status: number, reason: string): HttpResponse {
  const title = `${status} ${reason}`;
  return {
    status,
    reason,
    headers: ["Content-Type: text/html"],
    body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
  };
}

function envoyAnswer(status: number, reason: string, body: string, server: string): HttpResponse {
  const headers = [`server: ${server}`, ...(body === "" ? [] : ["Content-Type: text/plain"])];
  return { status, reason, headers, body };
}

/** Source: Envoy's core_response_flag.h and router.cc. */
const UPSTREAM = "upstream connect error or disconnect/reset before headers. reset reason: ";
const CONNECT = "remote connection failure, transport failure reason: delayed connect error: ";

const ENVOY_BODIES: Readonly<Record<OwnAnswer, string>> = {
  noRoute: "",
  noEndpoints: "no healthy upstream",
  refused: `${UPSTREAM}${CONNECT}Connection refused`,
  unreachable: `${UPSTREAM}${CONNECT}No route to host`,
  connectTimeout: `${UPSTREAM}connection timeout`,
  silent: "upstream request timeout",
  reset: `${UPSTREAM}connection termination`,
};

/** What a gateway says where no backend has answered, in its own words.
 *  Simplified: it does not try again, as Istio does twice by default and nginx at other endpoints. */
export function ownAnswer(program: GatewayProgram, why: OwnAnswer): HttpResponse {
  if (program === "nginx") {
    if (why === "noRoute") return nginxPage(404, "Not Found");
    if (why === "noEndpoints") return nginxPage(503, "Service Temporarily Unavailable");
    const isLate = why === "connectTimeout" || why === "silent";
    return isLate ? nginxPage(504, "Gateway Time-out") : nginxPage(502, "Bad Gateway");
  }
  const server = program === "istio" ? "istio-envoy" : "envoy";
  if (why === "noRoute") return envoyAnswer(404, "Not Found", "", server);
  if (why === "silent") return envoyAnswer(504, "Gateway Timeout", ENVOY_BODIES.silent, server);
  return envoyAnswer(503, "Service Unavailable", ENVOY_BODIES[why], server);
}

/** Seconds. Source: ingress-nginx ConfigMap, proxy-connect-timeout and proxy-read-timeout; Istio's connectTimeout in
 *  MeshConfig; Envoy's connect_timeout and route timeout. */
const PATIENCE: Readonly<
  Record<GatewayProgram, { readonly connect: number; readonly read: number }>
> = {
  nginx: { connect: 5, read: 60 },
  istio: { connect: 10, read: 15 },
  envoy: { connect: 5, read: 15 },
};

export function patienceSeconds(program: GatewayProgram, why: OwnAnswer): number {
  if (why === "connectTimeout") return PATIENCE[program].connect;
  return why === "silent" ? PATIENCE[program].read : 0;
}
