import { expect, test } from "vitest";
import { HeadlessTerminal } from "../../../shell/headless";
import { LAPTOP } from "../../../shell/place";
import type { World } from "../world";
import { MACHINE_CASES } from "./testing/machine-cases";
import { NAME_CASES } from "./testing/name-cases";
import { ENDPOINT_CASES, SERVICE_CASES } from "./testing/service-cases";
import {
  brokenWorld,
  type Sent,
  send,
  sendFixed,
  targetOf,
  type WhyCase,
} from "./testing/why-case";

const CASES: readonly WhyCase[] = [
  ...ENDPOINT_CASES,
  ...SERVICE_CASES,
  ...MACHINE_CASES,
  ...NAME_CASES,
];

const title = (one: WhyCase) => (one.with ? `${one.code}: ${one.with}` : one.code);

test.each(CASES.map((one) => [title(one), one] as const))("%s", async (_, one) => {
  const world = brokenWorld(one);
  const before = world.fork();
  const sent = send(world, one.from, targetOf(one, world), one);
  if (sent.kind === "delivered") throw new Error("the request arrived");
  const { why } = sent;
  expect(why?.code, sent.reason).toBe(one.code);
  if (!why) return;
  expect(why.cause).toContain(one.says ?? "");
  expect(why.title).not.toBe("");
  expect(why.fix.map((fix) => fix.title)).toHaveLength(one.fixes);
  // What the cloud's own gateways know, no command of the cluster tells.
  if (why.place !== "natgw") expect(why.look).not.toHaveLength(0);
  for (const key of why.objects) expect(world.store.findByKey(key), key).toBeDefined();
  const terminal = laptop(one.during ? world : before.fork());
  for (const { command, shows } of why.look) {
    const { stdout, stderr } = await terminal.run(command);
    expect(`$ ${command}\n${stdout}${stderr}`).toContain(shows);
    expect(stderr, command).not.toMatch(/not found|not modelled|rror:|usage/i);
  }
  for (const fix of why.fix) {
    const fixed = one.during ? world : before.fork();
    if (fix.command !== undefined) {
      const { exitCode, stderr } = await laptop(fixed).run(fix.command);
      expect(exitCode, `${fix.command}: ${stderr}`).toBe(0);
    }
    const again = sendFixed(fixed, one, fix);
    expect(again.kind, `${fix.title}: ${reasonOf(again)}`).toBe("delivered");
  }
});

function reasonOf(sent: Sent): string {
  return sent.kind === "delivered" ? "" : `${sent.reason} ${JSON.stringify(sent.why)}`;
}

function laptop(world: World): HeadlessTerminal {
  return new HeadlessTerminal(world, {
    place: LAPTOP,
    noSettle: true,
    turn: () => new Promise((resolve) => setImmediate(resolve)),
  });
}
