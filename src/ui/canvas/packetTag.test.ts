import { describe, expect, it } from "vitest";
import { packetTag } from "./packetTag";
import { hop } from "./testing/fixture";

const { before } = hop(0, "internet");
const NODE = before.dst;
const POD = 0x0af40207;
const ELB = before.src;

describe("the packet's tag", () => {
  it("marks nothing where nothing changed", () => {
    const [src, dst] = packetTag(hop(0, "node/node-1/eth0")).fields;
    expect(src).toEqual({ name: "src", value: "10.0.0.5:41022" });
    expect(dst).toEqual({ name: "dst", value: "10.0.1.11:31234" });
  });

  it("names DNAT and what was there before", () => {
    const after = { ...before, dst: POD, dport: 8080 };
    const [src, dst] = packetTag(hop(0, "node/node-1/iptables", { after })).fields;
    expect(src.change).toBeUndefined();
    expect(dst.value).toBe("10.244.2.7:8080");
    expect(dst.change).toEqual({ nat: "DNAT", symbol: "⇒", before: "10.0.1.11:31234" });
  });

  it("names SNAT where the source changes", () => {
    const after = { ...before, src: NODE, sport: 52113 };
    const [src] = packetTag(hop(0, "node/node-1/iptables", { after })).fields;
    expect(src.change).toEqual({ nat: "SNAT", symbol: "⇐", before: "10.0.0.5:41022" });
  });

  it("does not make up an address where there is none", () => {
    const nowhere = { ...before, dst: 0, dport: 80 };
    const tag = packetTag(hop(0, "host/user", { before: nowhere, after: nowhere }));
    expect(tag.fields[1].value).toBe("no address");
    expect(tag.role).toMatch(/, not sent$/);
  });

  it("takes both back on the way back", () => {
    const reply = { ...before, src: POD, sport: 8080, dst: NODE, dport: 52113 };
    const after = { ...reply, src: NODE, sport: 31234, dst: ELB, dport: 41022 };
    const fields = packetTag(
      hop(0, "node/node-1/iptables", { before: reply, after, direction: "reply" }),
    ).fields;
    expect(fields.map((field) => field.change?.nat)).toEqual(["un-DNAT", "un-SNAT"]);
  });

  it("does not call a proxy's own new connection a translation", () => {
    const after = { ...before, src: NODE };
    const { fields } = packetTag(hop(0, "elb/default/kuard", { kind: "connect", after }));
    expect(fields[0].change).toBeUndefined();
  });

  it("shows both headers of a tunnel's packet, and calls none of them a translation", () => {
    const frame = { vni: 1, srcMac: "", dstMac: "", packet: before };
    const after = { ...before, protocol: "udp" as const, src: NODE, dst: POD, vxlan: frame };
    const tag = packetTag(hop(0, "node/node-1/flannel.1", { kind: "encapsulate", after }));
    expect(tag.fields.map(({ change }) => change)).toEqual([undefined, undefined]);
    expect(tag.inner).toEqual({ vni: 1, src: "10.0.0.5:41022", dst: "10.0.1.11:31234" });
  });
});
