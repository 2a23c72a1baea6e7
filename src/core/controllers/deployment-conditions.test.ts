import { describe, expect, test } from "vitest";
import { formatTimestamp } from "../sim/time";
import { Driver, deployment, SECOND, THREE_NODES } from "./testing/driver";

function conditionsIn(driver: Driver): readonly string[] {
  const conditions = driver.store.find("Deployment", "default", "kuard")?.status?.conditions ?? [];
  return conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`);
}

function settled(nodes = THREE_NODES): Driver {
  const driver = new Driver();
  driver.put(...nodes, deployment("kuard", 3));
  driver.settle();
  return driver;
}

function secondTemplate(driver: Driver): void {
  driver.edit(deployment("kuard", 3), (latest) => ({
    ...latest,
    metadata: { ...latest.metadata, generation: 2 },
    spec: {
      ...latest.spec,
      template: {
        ...latest.spec.template,
        metadata: { ...latest.spec.template.metadata, annotations: { version: "2" } },
      },
    },
  }));
}

describe("a Deployment's conditions", () => {
  test("a rollout goes from created by updated to available", () => {
    const driver = new Driver();
    const seen: string[] = [];
    driver.watch = () => {
      const now = conditionsIn(driver).join(", ");
      if (seen.at(-1) !== now) seen.push(now);
    };
    driver.put(...THREE_NODES, deployment("kuard", 3));
    driver.settle();
    expect(seen.filter((one) => one !== "")).toEqual([
      "Progressing True NewReplicaSetCreated, Available False MinimumReplicasUnavailable",
      "Available False MinimumReplicasUnavailable, Progressing True ReplicaSetUpdated",
      "Available True MinimumReplicasAvailable, Progressing True NewReplicaSetAvailable",
    ]);
    expect(
      driver.store.find("Deployment", "default", "kuard")?.status?.conditions?.[1]?.message,
    ).toMatch(/^ReplicaSet "kuard-\w+" has successfully progressed\.$/);
  });

  test("without a place for its pods it is overdue after 600 s, not a second sooner", () => {
    const driver = settled([]);
    const before = driver.store.find("Deployment", "default", "kuard")?.status?.conditions;
    const since = before?.find(({ type }) => type === "Progressing")?.lastUpdateTime;
    expect(since).toBe(formatTimestamp(0));
    driver.runUntil(600 * SECOND);
    expect(conditionsIn(driver)).toContain("Progressing True ReplicaSetUpdated");
    driver.runUntil(602 * SECOND);
    expect(conditionsIn(driver)).toContain("Progressing False ProgressDeadlineExceeded");
  });

  test("a node that comes brings an overdue rollout to its end", () => {
    const driver = settled([]);
    driver.runUntil(700 * SECOND);
    driver.put(...THREE_NODES);
    driver.settle();
    expect(conditionsIn(driver)).toEqual([
      "Available True MinimumReplicasAvailable",
      "Progressing True NewReplicaSetAvailable",
    ]);
  });

  test("paused, it keeps its template and heeds its count; resumed, it rolls", () => {
    const driver = settled();
    const spec = (change: object) =>
      driver.edit(deployment("kuard", 3), (latest) => ({
        ...latest,
        spec: { ...latest.spec, ...change },
      }));
    spec({ paused: true });
    driver.settle();
    expect(conditionsIn(driver)).toContain("Progressing Unknown DeploymentPaused");
    secondTemplate(driver);
    spec({ replicas: 4 });
    driver.settle();
    const sets = () => [...driver.store.list("ReplicaSet")].map((set) => set.spec.replicas);
    expect(sets()).toEqual([4]);
    spec({ paused: false });
    driver.settle();
    expect(sets()).toEqual([0, 4]);
    expect(conditionsIn(driver)).toContain("Progressing True NewReplicaSetAvailable");
  });

  test("a second rollout begins anew", () => {
    const driver = settled();
    secondTemplate(driver);
    driver.runUntil(driver.nowUs + 0.05 * SECOND);
    expect(conditionsIn(driver)).toContain("Progressing True NewReplicaSetCreated");
    driver.settle();
    expect(conditionsIn(driver)).toContain("Progressing True NewReplicaSetAvailable");
    const [, newest] = [...driver.store.list("ReplicaSet")];
    expect(newest?.metadata.annotations).toMatchObject({
      "deployment.kubernetes.io/desired-replicas": "3",
      "deployment.kubernetes.io/max-replicas": "4",
      "deployment.kubernetes.io/revision": "2",
    });
  });
});
