import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SECOND } from "../core/sim/time";
import { bootScenario } from "../scenario/boot";
import { needsMore } from "./language/parse";
import { LAPTOP, type Place } from "./place";
import { ShellSystem } from "./system";
import { Terminal } from "./terminal";
import { turn } from "./testing/run-transcript";
import { TOOLS } from "./tools";
import { passTime, Waits } from "./waits";
import { WorldPort } from "./world-port";

/** As the page drives it: time passes when somebody lets it pass. */
function openPage(place: Place = LAPTOP) {
  const booted = bootScenario(readFileSync("public/scenarios/default.yaml", "utf8"));
  if (!booted.ok) throw new Error("the default world does not start");
  const { world } = booted;
  world.settle();
  const waits = new Waits();
  const port = new WorldPort(
    () => ({ world, execute: (command) => world.execute(command) }),
    waits,
  );
  let written = "";
  const terminal = new Terminal(new ShellSystem(port, TOOLS, turn), {
    place,
    interactive: true,
    onOutput: (_, text) => {
      written += text;
    },
  });
  return {
    terminal,
    pass: (seconds: number) => passTime(() => world, waits, world.nowUs + seconds * SECOND, turn),
    output: () => {
      const text = written;
      written = "";
      return text;
    },
  };
}

test("a command waits as long as time stands still", async () => {
  const { terminal, pass, output } = openPage();
  const line = terminal.run("sleep 5; echo done");
  await pass(4);
  expect(output()).toBe("");
  await pass(2);
  expect(output()).toBe("done\n");
  expect(await line).toBe(0);
});

test("Ctrl-C ends the line, not the shell", async () => {
  const { terminal, pass, output } = openPage();
  const line = terminal.run("while true; do sleep 1; done; echo never");
  await pass(3);
  terminal.interrupt();
  expect(await line).toBe(130);
  await terminal.run("echo still here");
  expect(output()).toBe("still here\n");
});

test("a watch prints what changes until Ctrl-C", async () => {
  const { terminal, pass, output } = openPage();
  const watching = openPageLine(terminal, "kubectl get deploy -w");
  await pass(1);
  expect(output().split("\n")).toHaveLength(3);
  terminal.interrupt();
  expect(await watching).toBe(130);
});

function openPageLine(terminal: Terminal, line: string): Promise<number> {
  return terminal.run(line);
}

test("a shell at another place has its own prompt, and exit comes back", async () => {
  const { terminal } = openPage();
  expect(terminal.prompt).toBe("you@laptop:~$ ");
  await terminal.run("ssh node-1");
  expect(terminal.prompt).toBe("root@node-1:~# ");
  await terminal.run("cd /etc");
  expect(terminal.prompt).toBe("root@node-1:/etc# ");
  await terminal.run("exit");
  expect(terminal.prompt).toBe("you@laptop:~$ ");
  await terminal.run("exit");
  expect(terminal.closed).toBe(true);
});

test("kubectl exec -it opens the pod's shell", async () => {
  const { terminal } = openPage();
  await terminal.run("kubectl exec -it deploy/kuard -- ash");
  expect(terminal.prompt).toBe("/ $ ");
  expect(terminal.place).toMatchObject({ kind: "pod", container: "kuard" });
});

test("a program reads what is typed", async () => {
  const { terminal, output, pass } = openPage();
  const line = terminal.run("read name; echo hello $name; cat");
  await pass(0);
  terminal.type("kuard\nmore\n");
  await pass(0);
  terminal.endInput();
  expect(await line).toBe(0);
  expect(output()).toBe("hello kuard\nmore\n");
});

test("jobs go on while other lines run, and hang up with the terminal", async () => {
  const { terminal, pass, output } = openPage();
  await terminal.run("kubectl port-forward deploy/kuard 8080 &");
  await pass(1);
  expect(output()).toMatch(/^\[1\] \d+\nForwarding from 127\.0\.0\.1:8080 -> 8080\n/);
  await terminal.run("jobs");
  expect(output()).toBe("[1]+  Running                 kubectl port-forward deploy/kuard 8080 &\n");
  await terminal.run("kill %1");
  await terminal.run("true");
  expect(output()).toContain("[1]+  Exit 143");
});

test.each([
  ["echo a", false],
  ["echo 'a", true],
  ["echo a |", true],
  ["echo a && ", true],
  ["for i in 1 2; do", true],
  ["cat <<EOF\na", true],
  ["cat <<EOF\na\nEOF", false],
  ["echo a \\", true],
  ["echo a \\\\", false],
  ["echo )", false],
  ["if true; then echo; fi", false],
])("%j goes on: %s", (text, more) => {
  expect(needsMore(text)).toBe(more);
});
