import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SimulationHost } from "./simulation";
import type { LineAnswer, SentRequest } from "./terminal-protocol";

const SCENARIO = readFileSync("public/scenarios/default.yaml", "utf8");
const SECOND_US = 1_000_000;

async function openPage(
  place = "laptop",
  onSent: (request: SentRequest) => Promise<void> | void = () => undefined,
) {
  const simulation = new SimulationHost();
  await simulation.open(SCENARIO);
  let written = "";
  let waits = 0;
  const opened = await simulation.openTerminal(place, 80, {
    onOutput: (text) => {
      written += text;
    },
    onWaiting: () => {
      waits++;
    },
    onSent: (request) => onSent(request),
    editText: async (_, text) => text.replace("replicas: 3", "replicas: 2"),
  });
  if (!opened.ok) throw new Error(opened.error);
  const { id } = opened.state;
  return {
    simulation,
    id,
    prompt: opened.state.prompt,
    waits: () => waits,
    run: (line: string, locked = false) => simulation.runLine(id, line, locked),
    output: () => {
      const text = written;
      written = "";
      return text;
    },
  };
}

function ended(answer: LineAnswer) {
  if (answer.kind !== "ended") throw new Error(`the line is ${answer.kind}`);
  return answer;
}

test("what a line changes is in the log, and a saved run comes to the same", async () => {
  const { simulation, run, output } = await openPage();
  const answer = ended(await run("kubectl scale deploy kuard --replicas=5"));
  expect(output()).toBe("deployment.apps/kuard scaled\n");
  expect(answer).toMatchObject({ changed: true, cutOff: false, sent: [] });
  await run(
    "kubectl create deployment web --image=nginx -o yaml --dry-run=client | kubectl apply -f -",
  );
  expect(output()).toBe("deployment.apps/web created\n");
  await simulation.advance(5 * SECOND_US);
  await run("kubectl get deploy");
  const before = output();
  const saved = await simulation.save();
  expect(saved.log.map(({ command }) => command.type)).toEqual(["patch", "apply"]);

  const again = await openPage();
  expect((await again.simulation.open(SCENARIO, saved)).refused).toEqual([]);
  const reopened = await again.simulation.openTerminal("laptop", 80, {
    onOutput: (text) => {
      expect(text).toBe(before);
    },
    onWaiting: () => undefined,
    onSent: () => undefined,
    editText: async () => undefined,
  });
  if (!reopened.ok) throw new Error(reopened.error);
  await again.simulation.runLine(reopened.state.id, "kubectl get deploy", false);
  expect.assertions(6);
}, 30_000);

test("a line waits until playback has let its time pass", async () => {
  const { simulation, run, output, waits } = await openPage();
  const running = run("sleep 2; echo one; sleep 2; echo two");
  await simulation.advance(1 * SECOND_US);
  expect([output(), waits()]).toEqual(["", 1]);
  const { nowUs } = await momentOf(simulation);
  await simulation.advance(1.5 * SECOND_US);
  expect(output()).toBe("one\n");
  await simulation.seek(nowUs + 4 * SECOND_US);
  expect(ended(await running)).toMatchObject({ state: { exitCode: 0 }, tookUs: 4 * SECOND_US });
  expect(output()).toBe("two\n");
});

async function momentOf(simulation: SimulationHost) {
  return { nowUs: (await simulation.save()).atUs };
}

test("the past knows nothing of programs of later; shells keep their variables", async () => {
  const { simulation, run, output } = await openPage();
  const { nowUs } = await momentOf(simulation);
  await run("name=kuard");
  const running = run("sleep 100");
  await simulation.advance(10 * SECOND_US);
  await simulation.seek(nowUs);
  expect(ended(await running).state.exitCode).toBe(129);
  expect(output()).toContain("# kubehop: the run went back in time");
  await run("echo $name");
  expect(output()).toBe("kuard\n");
});

test("a change in the past cuts off what came after, and says so", async () => {
  const { simulation, run } = await openPage();
  const { nowUs } = await momentOf(simulation);
  await simulation.advance(10 * SECOND_US);
  await simulation.seek(nowUs + SECOND_US);
  expect(ended(await run("kubectl get pods")).cutOff).toBe(false);
  expect(ended(await run("kubectl scale deploy kuard --replicas=1")).cutOff).toBe(true);
});

test("a locked cluster can be asked, not changed", async () => {
  const { simulation, run, output } = await openPage();
  const answer = ended(await run("kubectl scale deploy kuard --replicas=5", true));
  expect(answer.changed).toBe(false);
  expect(output()).toContain("editing is locked in this link");
  await run("kubectl get deploy kuard -o name", true);
  expect(output()).toBe("deployment.apps/kuard\n");
  expect((await simulation.save()).log).toEqual([]);
});

test("kubectl edit asks the page for the text", async () => {
  const { run, output } = await openPage();
  await run("kubectl edit deploy kuard");
  expect(output()).toBe("deployment.apps/kuard edited\n");
  await run("kubectl get deploy kuard -o jsonpath='{.spec.replicas}'");
  expect(output()).toBe("2");
});

test("what prints without end is stopped", async () => {
  const { run, output } = await openPage();
  const answer = ended(await run("seq 1 1000000"));
  expect(answer.state.exitCode).toBe(130);
  expect(output()).toContain("# kubehop: more than 1000000 characters: stopped");
});

test("a shell ends with its place", async () => {
  const { simulation, run, output } = await openPage();
  expect(ended(await run("ssh node-1")).state).toMatchObject({ place: "node/node-1" });
  await simulation.control({ type: "setPower", node: "node-1", on: false });
  const { state } = ended(await run("hostname"));
  expect(state).toMatchObject({ place: "laptop", closed: false });
  expect(output()).toContain("Broken pipe");
});

test("a line that goes on is not run yet; exit closes", async () => {
  const { simulation, id, run, output } = await openPage("node/node-2");
  expect(await run("echo 'a")).toEqual({ kind: "more" });
  expect(await simulation.completeLine(id, "hostn", 5)).toEqual({
    from: 0,
    candidates: ["hostname"],
  });
  expect(ended(await run("exit 3")).state).toMatchObject({ closed: true, exitCode: 3 });
  expect(await run("echo")).toEqual({ kind: "gone" });
  expect(output()).toBe("");
});

test("what is typed ahead is for the shell, where no program reads it", async () => {
  const { simulation, id, run, output } = await openPage();
  const running = run("read name; sleep 1; echo $name");
  await simulation.advance(0);
  for (const text of ["kuard\n", "hostname\n"])
    expect(await simulation.tellTerminal(id, { type: "input", text })).toBe(true);
  await simulation.advance(2 * SECOND_US);
  expect(ended(await running).unread).toBe("hostname\n");
  expect(output()).toBe("kuard\n");
  expect(await simulation.tellTerminal(id, { type: "input", text: "x" })).toBe(false);
});

test("places that are not there, or have no shell", async () => {
  const { simulation } = await openPage();
  const events = { onOutput() {}, onWaiting() {}, onSent() {}, editText: async () => undefined };
  const open = (place: string) => simulation.openTerminal(place, 80, events);
  expect(await open("pod/default/none")).toMatchObject({ ok: false });
  expect(await open("node/node-9")).toEqual({ ok: false, error: 'nodes "node-9" not found' });
  expect(await open("somewhere")).toEqual({ ok: false, error: "there is no somewhere" });
});

test("no time passes between a line's first request and the page's answer whether it follows it", async () => {
  let answer: () => void = () => undefined;
  const asked: SentRequest[] = [];
  const { simulation, run, output } = await openPage("node/node-1", (request) => {
    asked.push(request);
    return new Promise<void>((resolve) => {
      answer = resolve;
    });
  });
  const running = run("sleep 1; ping -c 2 -i 1 10.0.1.12 | grep -c from; echo end");
  const passing = simulation.advance(3 * SECOND_US);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked).toMatchObject([{ from: "node/node-1", to: "10.0.1.12/icmp" }]);
  const { nowUs } = await momentOf(simulation);
  const [journey] = await simulation.journeys();
  expect(journey?.hops[0]?.atUs).toBe(nowUs);
  answer();
  await passing;
  for (let i = 0; i < 4; i++) await simulation.advance(SECOND_US);
  expect(ended(await running).sent).toHaveLength(2);
  expect(output()).toBe("2\nend\n");
  expect(asked).toHaveLength(1);
});

test("a request is of the terminal that sent it alone", async () => {
  const { simulation, run } = await openPage();
  const other = await simulation.openTerminal("node/node-1", 80, {
    onOutput: () => undefined,
    onWaiting: () => undefined,
    onSent: () => undefined,
    editText: async () => undefined,
  });
  if (!other.ok) throw new Error(other.error);
  const serving = simulation.runLine(other.state.id, "python3 -m http.server 8000", false);
  const asking = run("ssh node-2 curl -s -o /dev/null 10.0.1.11:8000");
  await simulation.advance(5 * SECOND_US);
  expect(ended(await asking).sent).toHaveLength(1);
  await simulation.tellTerminal(other.state.id, { type: "interrupt" });
  expect(ended(await serving).sent).toEqual([]);
});

test("a server of a terminal logs what the page sends it", async () => {
  const { simulation, id, run, output } = await openPage("node/node-1");
  const serving = run("python3 -m http.server 8000");
  await simulation.advance(SECOND_US);
  expect(output()).toContain("Serving HTTP on 0.0.0.0 port 8000");
  await simulation.send("host/vm", "10.0.1.11:8000", { path: "/there" });
  for (let i = 0; i < 4; i++) await simulation.advance(SECOND_US / 2);
  expect(output()).toMatch(/^10\.0\.9\.20 - - \[.*\] "GET \/there HTTP\/1\.1" 404 -$/m);
  await simulation.tellTerminal(id, { type: "interrupt" });
  expect(ended(await serving).state.exitCode).toBe(0);
});
