import { expect, test } from "vitest";
import type { Owners } from "../../stores/owners";
import { addressNames, routeNames } from "./route-names";

const owners: Owners = {
  addresses: new Map([
    ["10.0.1.12", "Node/node-2"],
    ["10.244.1.5", "Pod/default/near"],
    ["10.244.2.5", "Pod/default/far"],
    ["10.96.0.1", "Service/default/kubernetes"],
  ]),
  nodePorts: new Map(),
  nodes: new Set(["Node/node-2"]),
};

test.each([
  [
    "10.244.2.0/24 via 10.0.1.12 dev eth0 ",
    ["Node/node-2", "Pod/default/far", "Node/node-1", "node/node-1/eth0"],
  ],
  [
    "10.244.1.0/24 dev cni0 proto kernel scope link src 10.244.1.1 ",
    ["Pod/default/near", "Node/node-1", "node/node-1/cni0"],
  ],
  ["10.244.1.5 dev cali12345 scope link ", ["Pod/default/near", "Node/node-1"]],
  ["default via 10.0.0.1 dev eth0 ", ["Node/node-1", "node/node-1/eth0"]],
])("the route %s", (line, keys) => {
  expect(routeNames(line, "node-1", owners)).toEqual(keys);
});

test.each([
  ["2: eth0: <BROADCAST,UP> mtu 1500", ["Node/node-1", "node/node-1/eth0"]],
  [
    "    inet 10.244.1.1/24 brd 10.244.1.255 scope global cni0",
    ["Node/node-1", "node/node-1/cni0"],
  ],
  ["7: veth1234@if2: <UP> mtu 1500", ["Node/node-1"]],
  ["       valid_lft forever preferred_lft forever", []],
])("the address line %s", (line, keys) => {
  expect(addressNames(line, "node-1")).toEqual(keys);
});
