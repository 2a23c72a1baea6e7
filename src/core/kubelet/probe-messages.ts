import type { Container, Pod, Probe } from "../api/types";
import type { ProbeKind } from "./state";

/** The port that a probe asks, by number or by the name of one of the container's ports. */
export function probePort(container: Container, probe: Probe): number | undefined {
  const port = probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port;
  if (typeof port !== "string") return port;
  const named = container.ports?.find((one) => one.name === port)?.containerPort;
  return named ?? (/^\d+$/.test(port) ? Number(port) : undefined);
}

const WORDS: Record<ProbeKind, string> = {
  readiness: "Readiness",
  liveness: "Liveness",
  startup: "Startup",
};

/** What `kubectl describe pod` says of a failed probe. Source: kubelet prober, probe/{http,tcp,grpc}.
 *  `refusedByHand`: the program answers, but says that it is not ready. */
export function failureMessage(
  pod: Pod,
  container: Container,
  probe: Probe,
  kind: ProbeKind,
  refusedByHand: boolean,
): string {
  const port = probePort(container, probe);
  const prefix = `${WORDS[kind]} probe`;
  if (port === undefined && !probe.exec) {
    const name = probe.httpGet?.port ?? probe.tcpSocket?.port ?? "";
    return `${prefix} errored and resulted in unknown state: couldn't find port: ${name}`;
  }
  const target = `${pod.status.podIP ?? ""}:${port}`;
  const byHand = refusedByHand && kind === "readiness";
  return `${prefix} failed: ${reason(probe, target, byHand)}`;
}

function reason(probe: Probe, target: string, byHand: boolean): string {
  if (probe.exec) return "";
  if (probe.httpGet) {
    if (byHand) return "HTTP probe failed with statuscode: 503";
    const path = probe.httpGet.path ?? "/";
    return `Get "http://${target}${path}": dial tcp ${target}: connect: connection refused`;
  }
  if (probe.grpc) {
    if (byHand) return 'service unhealthy (responded with "NOT_SERVING")';
    const seconds = probe.timeoutSeconds ?? 1;
    return `timeout: failed to connect service "${target}" within ${seconds}s: context deadline exceeded`;
  }
  return `dial tcp ${target}: connect: connection refused`;
}
