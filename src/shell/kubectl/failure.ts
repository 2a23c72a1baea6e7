import type { Status } from "../../core/api/status";

/** kubectl gives up: what it says, and its exit code. Caught by `kubectl` itself. */
export class KubectlFailure extends Error {
  constructor(
    message: string,
    readonly exitCode = 1,
    /** What had been written before. */
    readonly output = "",
  ) {
    super(message);
  }
}

/** `error: …` */
export function failure(message: string): KubectlFailure {
  return new KubectlFailure(`error: ${message}`);
}

/** A wrong use of a command: where its help is. */
export function usageFailure(message: string, command: string): KubectlFailure {
  return failure(`${message}\nSee 'kubectl ${command} -h' for help and examples`);
}

/** The API server's refusal as kubectl words it. `doing`: `error when creating "web.yaml"`.
 *  Source: kubectl/pkg/cmd/util/helpers.go, StandardErrorMessage. */
export function statusMessage(status: Status, doing?: string): string {
  if (status.reason === "Invalid") {
    const match = /^(\S+) "([^"]*)" is invalid: /.exec(status.message);
    const kind = (match?.[1] ?? "").split(".")[0];
    const texts = (status.causes ?? []).map(({ field, message }) => `${field}: ${message}`);
    const subject = `The ${kind} "${match?.[2] ?? ""}" is invalid`;
    if (texts.length === 1) return `${subject}: ${texts[0]}`;
    return `${subject}: \n${texts.map((text) => `* ${text}`).join("\n")}`;
  }
  const words = doing === undefined ? status.message : `${doing}: ${status.message}`;
  return `Error from server (${status.reason}): ${words}`;
}

export function statusFailure(status: Status, doing?: string): KubectlFailure {
  return new KubectlFailure(statusMessage(status, doing));
}
