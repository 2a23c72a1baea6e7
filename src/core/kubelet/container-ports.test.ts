import { describe, expect, test } from "vitest";
import type { Container, Pod } from "../api/types";
import { Driver, kuard, node, pod, SECOND } from "../controllers/testing/driver";
import { killContainer } from "./hands";

function podOf(
  name: string,
  containers: readonly Container[],
  more: Partial<Pod["spec"]> = {},
): Pod {
  const made = pod(name, {});
  return { ...made, spec: { ...made.spec, ...more, containers } };
}

function oneNode(...pods: Pod[]): Driver {
  const driver = new Driver();
  driver.put(node("node-1", "10.0.1.11", "10.244.1.0/24"));
  driver.put(...pods);
  driver.settle();
  return driver;
}

function statuses(driver: Driver, name: string) {
  return driver.store.find("Pod", "default", name)?.status.containerStatuses ?? [];
}

const web: Container = { name: "web", image: "nginx" };
const proxy: Container = { name: "proxy", image: "nginx" };

describe("two containers of a pod on one port", () => {
  const driver = oneNode(podOf("both", [web, proxy]));

  test("the first has it, the second exits and is started again, ever more rarely", () => {
    const [first, second] = statuses(driver, "both");
    expect(first).toMatchObject({ ready: true, restartCount: 0 });
    expect(second).toMatchObject({
      ready: false,
      restartCount: 1,
      state: {
        waiting: {
          reason: "CrashLoopBackOff",
          message:
            "back-off 10s restarting failed container=proxy pod=both_default(uid-default-both)",
        },
      },
      lastState: { terminated: { reason: "Error", exitCode: 1 } },
    });
    const later = driver.fork();
    later.runFor(35 * SECOND);
    expect(statuses(later, "both")[1]).toMatchObject({
      restartCount: 3,
      state: { waiting: { message: expect.stringContaining("back-off 40s") } },
    });
  });

  test("the pod is never ready, and events say why it does not run", () => {
    expect(driver.readyPods()).toHaveLength(0);
    expect(driver.events.find(({ reason }) => reason === "BackOff")?.message).toBe(
      "Back-off restarting failed container proxy in pod both_default(uid-default-both)",
    );
  });

  test("what it wrote is kept", () => {
    const runtime = driver.state.kubelets.pods.get("default/both");
    expect(runtime?.containers[1]?.lastEnd?.output[0]).toBe(
      "nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)",
    );
  });

  test("the first one's socket stays when the second exits", () => {
    const { listeners } = driver.plane.get("pod/default/both");
    expect(listeners).toMatchObject([{ port: 80, process: "web" }]);
  });
});

test("another port solves it", () => {
  const other = kuard({ name: "proxy", args: ["--address=:9090"], ports: [] });
  const driver = oneNode(podOf("both", [kuard(), other]));
  expect(driver.readyPods()).toHaveLength(1);
  expect(driver.plane.get("pod/default/both").listeners.map(({ port }) => port)).toEqual([
    8080, 9090,
  ]);
});

test("on the host's network, pods of one node clash; the second gets the port when the first is gone", () => {
  const onHost = (name: string) => podOf(name, [web], { hostNetwork: true, nodeName: "node-1" });
  const driver = oneNode(onHost("first"), onHost("second"));
  expect(statuses(driver, "first")[0]?.ready).toBe(true);
  expect(statuses(driver, "second")[0]?.state.waiting?.reason).toBe("CrashLoopBackOff");
  driver.delete("Pod", "default", "first");
  driver.runFor(30 * SECOND);
  expect(statuses(driver, "second")[0]).toMatchObject({ ready: true, restartCount: 2 });
});

test("sockets on different addresses are no clash", () => {
  const local = (name: string, ip: string) =>
    kuard({ name, ports: [], args: [`--address=${ip}:9090`] });
  const driver = oneNode(podOf("both", [local("a", "127.0.0.1"), local("b", "127.0.0.2")]));
  expect(driver.readyPods()).toHaveLength(1);
});

test("a killed container says how it ended", () => {
  const driver = oneNode(podOf("one", [web]));
  killContainer(driver.ctx, driver.state, driver.pods()[0] as Pod, undefined);
  driver.flush();
  driver.settle();
  expect(statuses(driver, "one")[0]).toMatchObject({
    ready: true,
    restartCount: 1,
    lastState: { terminated: { reason: "Error", exitCode: 137 } },
  });
});
