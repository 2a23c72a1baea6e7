// Captured from a cluster with Calico 3.27 and later: the numbers are hashes over the very text of the rules before them.
import { expect, test } from "vitest";
import { formatRule } from "../../dataplane/netfilter/print";
import type { Chain } from "../../dataplane/netfilter/rules";
import { calicoChains, calicoPodChains } from "./calico-chains";

function lines(chains: readonly Chain[] | undefined, name: string): readonly string[] {
  const chain = chains?.find((one) => one.name === name);
  return (chain?.rules ?? []).map((rule) => formatRule(name, rule));
}

const { nat, filter } = calicoChains();

test("nat: pools with natOutgoing are masqueraded to everything outside all pools", () => {
  expect(lines(nat, "PREROUTING")).toEqual([
    '-A PREROUTING -m comment --comment "cali:6gwbT8clXdHdC1b1" -j cali-PREROUTING',
  ]);
  expect(lines(nat, "cali-POSTROUTING")).toEqual([
    '-A cali-POSTROUTING -m comment --comment "cali:Z-c7XtVd2Bq7s_hA" -j cali-fip-snat',
    '-A cali-POSTROUTING -m comment --comment "cali:nYKhEzDlr11Jccal" -j cali-nat-outgoing',
  ]);
  expect(lines(nat, "cali-nat-outgoing")).toEqual([
    '-A cali-nat-outgoing -m comment --comment "cali:flqWnvo8yq4ULQLa" -m set --match-set cali40masq-ipam-pools src -m set ! --match-set cali40all-ipam-pools dst -j MASQUERADE --random-fully',
  ]);
});

test("filter: what passes through the node", () => {
  expect(lines(filter, "FORWARD")).toEqual([
    '-A FORWARD -m comment --comment "cali:wUHhoiAYhphO9Mso" -j cali-FORWARD',
    '-A FORWARD -m comment --comment "cali:S93hcgKJrXEqnTfs" -m comment --comment "Policy explicitly accepted packet." -m mark --mark 0x10000/0x10000 -j ACCEPT',
    '-A FORWARD -m comment --comment "cali:mp77cMpurHhyjLrM" -j MARK --set-xmark 0x10000/0x10000',
  ]);
  expect(lines(filter, "cali-FORWARD")).toEqual([
    '-A cali-FORWARD -m comment --comment "cali:vjrMJCRpqwy5oRoX" -j MARK --set-xmark 0x0/0xe0000',
    '-A cali-FORWARD -m comment --comment "cali:A_sPAO0mcxbT9mOV" -m mark --mark 0x0/0x10000 -j cali-from-hep-forward',
    '-A cali-FORWARD -i cali+ -m comment --comment "cali:8ZoYfO5HKXWbB3pk" -j cali-from-wl-dispatch',
    '-A cali-FORWARD -o cali+ -m comment --comment "cali:jdEuaPBe14V2hutn" -j cali-to-wl-dispatch',
    '-A cali-FORWARD -m comment --comment "cali:12bc6HljsMKsmfr-" -j cali-to-hep-forward',
    '-A cali-FORWARD -m comment --comment "cali:NOSxoaGx8OIstr1z" -j cali-cidr-block',
  ]);
});

const PORTS = [
  ["cali1dac8782bdb", "calico-apiserver", "calico-apiserver"],
  ["cali3579be14420", "calico-system", "calico-kube-controllers"],
  ["cali6945b3c77c1", "kube-system", "coredns"],
  ["cali6f60a778e0b", "kube-system", "coredns"],
  ["cali868a4e4c0db", "calico-system", "default"],
  ["cali9d04617f188", "calico-apiserver", "calico-apiserver"],
].map(([dev = "", namespace = "", serviceAccount = ""]) => ({
  dev,
  pod: { namespace, name: dev, uid: dev, serviceAccount },
}));

const pods = calicoPodChains(PORTS).filter;

test("devices that share a letter share a chain", () => {
  expect(lines(pods, "cali-from-wl-dispatch")).toEqual([
    '-A cali-from-wl-dispatch -i cali1dac8782bdb -m comment --comment "cali:aHK7yU_mJjLvN9P9" -g cali-fw-cali1dac8782bdb',
    '-A cali-from-wl-dispatch -i cali3579be14420 -m comment --comment "cali:wHNdnT4ytw3hnQFt" -g cali-fw-cali3579be14420',
    '-A cali-from-wl-dispatch -i cali6+ -m comment --comment "cali:_b2AeThG6a53s1Jk" -g cali-from-wl-dispatch-6',
    '-A cali-from-wl-dispatch -i cali868a4e4c0db -m comment --comment "cali:Bb81zxJNbVhCAzR-" -g cali-fw-cali868a4e4c0db',
    '-A cali-from-wl-dispatch -i cali9d04617f188 -m comment --comment "cali:RzmU3PGwDi5LZ3Y1" -g cali-fw-cali9d04617f188',
    '-A cali-from-wl-dispatch -m comment --comment "cali:CPCo32RHIaeTT15t" -m comment --comment "Unknown interface" -j DROP',
  ]);
  expect(lines(pods, "cali-from-wl-dispatch-6").map((line) => line.slice(0, 93))).toEqual(
    [
      '-A cali-from-wl-dispatch-6 -i cali6945b3c77c1 -m comment --comment "cali:51KYRHlKbzvZo9Tu" -g',
      '-A cali-from-wl-dispatch-6 -i cali6f60a778e0b -m comment --comment "cali:K6kzaLeHUWg36Bzo" -g',
      '-A cali-from-wl-dispatch-6 -m comment --comment "cali:BloWYvybf6fUB-zQ" -m comment --comment "',
    ].map((line) => line.slice(0, 93)),
  );
});

test("a pod's own chain: what is known, tunnels, the profiles of its namespace and service account", () => {
  expect(lines(pods, "cali-fw-cali6945b3c77c1")).toEqual(
    [
      '-m comment --comment "cali:-db-9r1pdOkcPeXV" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      '-m comment --comment "cali:05Cg5Hj-EgQSn3aV" -m conntrack --ctstate INVALID -j DROP',
      '-m comment --comment "cali:M_24EbTTpNA31qQj" -j MARK --set-xmark 0x0/0x30000',
      '-p udp -m comment --comment "cali:Dcq0ZfOzjhng02y0" -m comment --comment "Drop VXLAN encapped packets originating in workloads" -m multiport --dports 4789 -j DROP',
      '-p ipencap -m comment --comment "cali:askR-WWM5RBQ3fIf" -m comment --comment "Drop IPinIP encapped packets originating in workloads" -j DROP',
      '-m comment --comment "cali:kFpZFMONqSKa7dnz" -j cali-pro-kns.kube-system',
      '-m comment --comment "cali:7gQj2O9Y2aHDO9i6" -m comment --comment "Return if profile accepted" -m mark --mark 0x10000/0x10000 -j RETURN',
      '-m comment --comment "cali:Ury1iaxgqSBDRiGy" -j cali-pro-_u2Tn2rSoAPffvE7JO6',
      '-m comment --comment "cali:WAuALgJrasFzkqMB" -m comment --comment "Return if profile accepted" -m mark --mark 0x10000/0x10000 -j RETURN',
      '-m comment --comment "cali:2y0yOe9ix2PzV009" -m comment --comment "Drop if no profiles matched" -j DROP',
    ].map((rule) => `-A cali-fw-cali6945b3c77c1 ${rule}`),
  );
  expect(lines(pods, "cali-pri-kns.kube-system")).toEqual([
    '-A cali-pri-kns.kube-system -m comment --comment "cali:J1TyxtHWd0qaBGK-" -m comment --comment "Profile kns.kube-system ingress" -j MARK --set-xmark 0x10000/0x10000',
  ]);
  expect(lines(pods, "cali-pri-_u2Tn2rSoAPffvE7JO6")).toEqual([
    '-A cali-pri-_u2Tn2rSoAPffvE7JO6 -m comment --comment "cali:WqgznqAQ-uYV0oBx" -m comment --comment "Profile ksa.kube-system.coredns ingress"',
  ]);
});
