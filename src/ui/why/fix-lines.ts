import { kubectlEquivalent } from "../../shell/kubectl/equivalent";
import type { Fix } from "../../worker/protocol";

/** What somebody would type on a real cluster; none where it is no command of kubectl or of a machine. */
export function fixLines({ edits = [], command }: Fix): readonly string[] {
  const lines = edits.map(kubectlEquivalent).filter((line) => line !== undefined);
  return command === undefined ? lines : [...lines, command];
}
