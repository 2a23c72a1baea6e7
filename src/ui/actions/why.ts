import { useSession } from "../../stores/session";
import { runInTerminal } from "../../stores/terminals";
import { currentFailure, type Failure, sendAgain, takeFix } from "../../stores/why";
import type { Fix } from "../../worker/protocol";
import type { Action } from "./action";

const group = "Why not?";

export function fixAction(failure: Failure, fix: Fix): Action {
  return {
    id: `why.fix.${failure.why.fix.indexOf(fix) + 1}`,
    group,
    label: fix.title,
    also: "fix repair failed why",
    ...(fix.edits && { edits: true }),
    run: () => takeFix(failure, fix),
  };
}

export function againAction(failure: Failure): Action {
  return {
    id: "why.again",
    group,
    label: "Send again what failed",
    also: "retry repeat",
    run: () => sendAgain(failure),
  };
}

export const dismissRefused: Action = {
  id: "why.dismiss",
  group,
  label: "Put away why the request was not sent",
  run: () => useSession.setState({ refused: null }),
};

/** What can be done about the request that is shown as failed. */
export function whyActions(): readonly Action[] {
  const failure = currentFailure();
  if (!failure) return [];
  return [
    ...failure.why.fix.map((fix) => fixAction(failure, fix)),
    ...failure.why.look.map(
      ({ command }, index): Action => ({
        id: `why.look.${index + 1}`,
        group,
        label: `Run ${command}`,
        also: "look terminal check",
        run: () => runInTerminal(command),
      }),
    ),
    againAction(failure),
  ];
}
