import { expect, test } from "vitest";
import { dnsWorldOf } from "../cluster/names";
import { clusterOf, pod } from "../testing/cluster";
import { listRecords } from "./listing";

test("every kind of Service is listed with the records that DNS answers", () => {
  const world = clusterOf(`${pod("web-1", "node-1", "app: web")}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.20, selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: each}, spec: {clusterIP: None, selector: {app: web}, ports: [{name: http, port: 8080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: out}, spec: {type: ExternalName, externalName: nowhere.example}}`);
  const ip = world.store.find("Pod", "default", "web-1")?.status.podIP ?? "";
  const dashed = ip.replaceAll(".", "-");
  const lines = listRecords(dnsWorldOf(world.store, []))
    .filter(({ service }) => service.startsWith("default/") && service !== "default/kubernetes")
    .map(({ name, type, value }) => `${name} ${type} ${value}`);
  const domain = "default.svc.cluster.local";
  expect(lines).toEqual([
    `web.${domain} A 10.96.0.20`,
    `_http._tcp.web.${domain} SRV 0 100 80 web.${domain}`,
    `20.0.96.10.in-addr.arpa PTR web.${domain}`,
    `each.${domain} A ${ip}`,
    `_http._tcp.each.${domain} SRV 0 100 8080 ${dashed}.each.${domain}`,
    `${dashed}.each.${domain} A ${ip}`,
    expect.stringMatching(new RegExp(`in-addr.arpa PTR ${dashed}.each.${domain}$`)),
    `out.${domain} CNAME nowhere.example`,
  ]);
});
