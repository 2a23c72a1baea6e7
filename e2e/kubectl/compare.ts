import { createTwoFilesPatch } from "diff";
import type { World } from "../../src/core/cluster/world";
import { HeadlessTerminal } from "../../src/shell/headless";
import { LAPTOP } from "../../src/shell/place";

export interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Our kubectl on a world of its own. */
export function openOurs(world: World): (command: string) => Promise<Answer> {
  const terminal = new HeadlessTerminal(world, {
    place: LAPTOP,
    turn: () => new Promise((resolve) => setImmediate(resolve)),
  });
  return (command) => terminal.run(command);
}

/** What is different, or undefined. Ages may be a second apart: the real kubectl looks at the wall clock. */
export function difference(ours: Answer, theirs: Answer, unordered: boolean): string | undefined {
  const arranged = (text: string) => (unordered ? text.split("\n").sort().join("\n") : text);
  const problems: string[] = [];
  for (const stream of ["stdout", "stderr"] as const) {
    const [left, right] = [
      arranged(normal(withoutHints(ours[stream]))),
      arranged(normal(theirs[stream])),
    ];
    if (!sameText(left, right))
      problems.push(createTwoFilesPatch(`ours ${stream}`, `kubectl ${stream}`, left, right));
  }
  if (ours.exitCode !== theirs.exitCode)
    problems.push(`exit code ${ours.exitCode}, kubectl's ${theirs.exitCode}`);
  return problems.length > 0 ? problems.join("\n") : undefined;
}

function withoutHints(text: string): string {
  return text.replace(/^# kubehop: .*\n/gm, "");
}

/** Times are shifted; this build of kubectl words usage errors in its own way; the server's address is made up. */
function normal(text: string): string {
  return text
    .replace(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000/g, "<time>")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "<timestamp>")
    .replace(/https?:\/\/[\d.]+:\d+/g, "<server>")
    .replace(/\/tmp\/(LIVE|MERGED|kubectl-edit)-\d+/g, "/tmp/$1-<number>")
    .replace(/\t\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} \+0000$/gm, "\t<time>")
    .replace(/^(?:W\d{4} |E\d{4} .*reflector\.go).*\n/gm, "")
    .replace(/^Error: /gm, "error: ")
    .replace(
      /^E\d{4} \d\d:.* "command failed" err="(.*)"$/gm,
      (_, words: string) => `error: ${words.replaceAll('\\"', '"')}`,
    )
    .replaceAll("-dispatcher", "")
    .replace(/resourceVersion: "\d+"/g, 'resourceVersion: "<version>"');
}

const AGE = /^\(?(?:\d+[smhd])+\)?$/;

function sameText(ours: string, theirs: string): boolean {
  const [left, right] = [ours.split(/(\s+)/), theirs.split(/(\s+)/)];
  if (left.length !== right.length) return false;
  return left.every((token, index) => {
    const other = right[index] ?? "";
    if (token === other) return true;
    if (AGE.test(token) && AGE.test(other)) return true;
    // After ages of different length columns begin elsewhere.
    return /^ +$/.test(token) && /^ +$/.test(other) && Math.abs(token.length - other.length) <= 2;
  });
}
