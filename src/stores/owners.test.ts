import { expect, test } from "vitest";
import { Session } from "../core/cluster/session";
import { clusterOf } from "../core/testing/cluster";
import { mirrorRecords } from "../worker/views";
import { keyOfPlace, keysIn, ownersOf, piecesOf } from "./owners";

const WEB = `
{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}, spec: {nodeName: node-1, containers: [{name: main, image: nginx}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, clusterIP: 10.96.0.40, selector: {app: web}, ports: [{port: 80, nodePort: 30080}]}}`;

const owners = ownersOf(mirrorRecords(new Session(clusterOf(WEB)).world));
const podIp = [...owners.addresses].find(([, key]) => key === "Pod/default/web")?.[0] ?? "";

test("a connection's addresses name host, Service, node and pod", () => {
  expect(keysIn("203.0.113.10:40000 > 10.96.0.40:80", owners)).toEqual([
    "Host/user",
    "Service/default/web",
  ]);
  expect(keysIn(`${podIp}:80 > 10.0.1.11:6001`, owners)).toEqual([
    "Pod/default/web",
    "Node/node-1",
  ]);
});

test("a node's nodePort names the Service, too; another port of it does not", () => {
  expect(keysIn("10.0.1.12:30080", owners)).toEqual(["Service/default/web", "Node/node-2"]);
  expect(keysIn("10.0.1.12:30081", owners)).toEqual(["Node/node-2"]);
});

test("a text is cut at its addresses and loses nothing; ranges and strangers stay text", () => {
  const text = "10.0.1.110/25 via 10.0.1.12 dev eth0 src 9.9.9.9";
  const pieces = piecesOf(text, owners);
  expect(pieces.map(({ text }) => text).join("")).toBe(text);
  expect(pieces.filter(({ keys }) => keys.length > 0)).toEqual([
    { text: "10.0.1.12", keys: ["Node/node-2"] },
  ]);
});

test.each([
  ["pod/default/web", "Pod/default/web"],
  ["node/node-1/iptables", "Node/node-1"],
  ["elb/default/web", "Service/default/web"],
  ["host/user", "Host/user"],
  ["vpc", undefined],
])("the place %s", (place, key) => {
  expect(keyOfPlace(place)).toBe(key);
});
