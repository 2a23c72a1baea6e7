import { expect, test } from "vitest";
import { Driver, kuard, node, pod, SECOND } from "../controllers/testing/driver";
import { MS } from "../sim/time";

interface Stopped {
  /** Until nobody listens any more. */
  readonly exitUs: number;
  /** Until the object is gone. */
  readonly goneUs: number;
}

/** Runs a pod with these fields, deletes it, and measures. */
function stop(container: object, spec: object = {}): Stopped {
  const driver = new Driver();
  driver.put(node("node-1", "10.0.1.11", "10.244.1.0/24"));
  const made = pod("one", {}, { ...kuard(), ...container });
  driver.put({ ...made, spec: { ...made.spec, ...spec } });
  driver.settle();
  const deletedAtUs = driver.nowUs;
  driver.delete("Pod", "default", "one");
  let exitUs = 0;
  driver.watch = () => {
    const listens = (driver.plane.find("pod/default/one")?.listeners.length ?? 0) > 0;
    if (!listens && exitUs === 0) exitUs = driver.nowUs - deletedAtUs;
  };
  driver.settle();
  return { exitUs, goneUs: driver.nowUs - deletedAtUs };
}

const preStop = (hook: object) => ({ lifecycle: { preStop: hook } });

test("a program without a handler is gone within milliseconds of the deletion; its network outlives it", () => {
  const { exitUs, goneUs } = stop({});
  expect(exitUs).toBeGreaterThanOrEqual(7 * MS);
  expect(exitUs).toBeLessThanOrEqual(55 * MS);
  expect(goneUs - exitUs).toBeGreaterThanOrEqual(200 * MS);
});

test.each([
  ["sleep", { sleep: { seconds: 5 } }, 5],
  ["a command", { exec: { command: ["sleep", "7"] } }, 7],
  ["a path", { exec: { command: ["/bin/sleep", "7"] } }, 7],
  ["a shell", { exec: { command: ["/bin/sh", "-c", "sleep 10"] } }, 10],
  ["another command takes no time", { exec: { command: ["nginx", "-s", "quit"] } }, 0],
  ["no longer than the grace period", { exec: { command: ["sleep", "300"] } }, 30],
])("preStop holds SIGTERM back: %s", (_, hook, seconds) => {
  const { exitUs } = stop(preStop(hook));
  expect(exitUs).toBeGreaterThanOrEqual(seconds * SECOND);
  expect(exitUs).toBeLessThanOrEqual(seconds * SECOND + 55 * MS);
});

test("CoreDNS serves on for the five seconds of its lameduck, or until SIGKILL", () => {
  const image = "registry.k8s.io/coredns/coredns:v1.11.3";
  expect(Math.floor(stop({ image }).exitUs / SECOND)).toBe(5);
  expect(Math.floor(stop({ image }, { terminationGracePeriodSeconds: 3 }).exitUs / SECOND)).toBe(3);
});
