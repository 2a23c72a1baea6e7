import type { Container, Pod, Probe } from "../api/types";
import type { CheckAnswer, ConnectError, ProbeKind } from "../controllers/check";
import { SECOND } from "../sim/time";
import { type ProbeTarget, planProbe } from "./probe-check";

/** What a probe came to. */
export type ProbeResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly message: string; readonly errored?: boolean };

/** Source: Probe default, k8s.io/api core/v1. */
const TIMEOUT_SECONDS = 1;

export function timeoutUs({ timeoutSeconds = TIMEOUT_SECONDS }: Probe): number {
  return Math.max(1, timeoutSeconds) * SECOND;
}

const WORDS: Record<ProbeKind, string> = {
  readiness: "Readiness",
  liveness: "Liveness",
  startup: "Startup",
};

/** The event's text in `kubectl describe pod`. Source: kubelet prober, Prober.probe. */
export function unhealthyText(
  kind: ProbeKind,
  { message, errored = false }: Extract<ProbeResult, { ok: false }>,
): string {
  return errored
    ? `${WORDS[kind]} probe errored and resulted in unknown state: ${message}`
    : `${WORDS[kind]} probe failed: ${message}`;
}

/** What it says of a probe that asks where nobody listens. */
export function refusedText(pod: Pod, container: Container, probe: Probe, kind: ProbeKind): string {
  const plan = planProbe(pod, pod.spec.containers.indexOf(container), kind, probe);
  if (plan.kind === "exec") return "";
  const refused = { kind: "failed", error: "ECONNREFUSED", tookUs: 0 } as const;
  const result: ProbeResult =
    plan.kind === "error"
      ? { ok: false, errored: true, message: plan.message }
      : resultOf(probe, plan.target, refused);
  return result.ok ? "" : unhealthyText(kind, result);
}

/** Whether the kubelet learns at once what came of it; if not, it waits until the time is up. */
export function isKnownAtOnce(probe: Probe, answer: CheckAnswer): boolean {
  if (answer.kind === "silent" || answer.tookUs > timeoutUs(probe)) return false;
  // grpc.Dial with WithBlock tries again until its time is up. Source: kubelet probe/grpc.
  return !(probe.grpc && answer.kind === "failed");
}

/** Source: kubelet probe/{http,tcp,grpc}; the words of Go's net and net/http. */
export function resultOf(probe: Probe, target: ProbeTarget, answer: CheckAnswer): ProbeResult {
  const heard = isKnownAtOnce(probe, answer) ? answer : undefined;
  if (probe.grpc) return ofGrpc(probe, target, heard);
  if (probe.httpGet) return ofHttp(target, heard);
  if (heard?.kind === "answered") return { ok: true };
  const { address } = target;
  const message =
    heard?.kind === "failed"
      ? `dial tcp ${address}: connect: ${ERROR_WORDS[heard.error]}`
      : `dial tcp ${address}: i/o timeout`;
  return { ok: false, message };
}

function ofHttp({ url, address }: ProbeTarget, answer: CheckAnswer | undefined): ProbeResult {
  const failed = (words: string) => ({ ok: false, message: `Get "${url}": ${words}` }) as const;
  if (!answer || answer.kind === "silent")
    return failed("context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
  if (answer.kind === "failed")
    return failed(
      answer.error === "ECONNRESET"
        ? "EOF"
        : `dial tcp ${address}: connect: ${ERROR_WORDS[answer.error]}`,
    );
  if (!answer.http)
    return failed('net/http: HTTP/1.x transport connection broken: malformed HTTP response "echo"');
  const { status } = answer.http;
  if (status >= 200 && status < 400) return { ok: true };
  return { ok: false, message: `HTTP probe failed with statuscode: ${status}` };
}

function ofGrpc(
  probe: Probe,
  { address }: ProbeTarget,
  answer: CheckAnswer | undefined,
): ProbeResult {
  if (answer?.kind !== "answered") {
    const seconds = timeoutUs(probe) / SECOND;
    return {
      ok: false,
      message: `timeout: failed to connect service "${address}" within ${seconds}s: context deadline exceeded`,
    };
  }
  const { status = 404 } = answer.http ?? {};
  if (status === 200) return { ok: true };
  return {
    ok: false,
    message:
      status === 503
        ? 'service unhealthy (responded with "NOT_SERVING")'
        : "error: this server does not implement the grpc health protocol (grpc.health.v1.Health)",
  };
}

/** Go's words for errno. */
const ERROR_WORDS: Readonly<Record<ConnectError, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset by peer",
  EHOSTUNREACH: "no route to host",
  ENETUNREACH: "network is unreachable",
};
