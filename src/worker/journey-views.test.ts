import { expect, test } from "vitest";
import { Session } from "../core/cluster/session";
import { clusterOf, pod } from "../core/testing/cluster";
import { JourneyViews } from "./journey-views";

const WEB = `${pod("web", "node-2", "app: web")}${pod("client", "node-1", "app: client", "")}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}`;

test("what caused a packet's way stays what it was, whatever is edited later", () => {
  const session = new Session(clusterOf(WEB));
  const views = new JourneyViews();
  session.execute({ type: "send", from: "pod/default/client", to: "svc/default/web:80" });
  const causes = () =>
    session
      .journeys()
      .map((journey) => views.of(journey, session))
      .flatMap(({ hops }) => hops.flatMap((hop) => hop.causes.map(({ text }) => text)));
  const before = causes();
  expect(before).toContain("label app=web");
  const web = session.world.store.find("Pod", "default", "web");
  const relabelled = {
    ...web,
    metadata: { name: "web", namespace: "default", labels: { app: "x" } },
  };
  expect(session.execute({ type: "apply", manifests: [relabelled] }).ok).toBe(true);
  expect(causes()).toEqual(before);
});

test("why a request failed is told by how things were when it did", () => {
  const session = new Session(clusterOf(WEB.replace("{app: web}, ports", "{app: wep}, ports")));
  const views = new JourneyViews();
  session.execute({ type: "send", from: "pod/default/client", to: "svc/default/web:80" });
  const patch = { spec: { selector: { app: "web" } } };
  session.advance(1_000_000);
  session.execute({ type: "patch", key: "Service/default/web", patch });
  session.advance(5_000_000);
  const why = session.journeys().map((journey) => views.of(journey, session).why?.code);
  expect(why).toEqual(["SelectorMatchesNothing"]);
  session.execute({ type: "send", from: "pod/default/client", to: "svc/default/web:80" });
  expect(session.journeys().map((journey) => views.of(journey, session).why?.code)).toEqual([
    "SelectorMatchesNothing",
    undefined,
  ]);
});
