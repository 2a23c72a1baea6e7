import { HOST_SYSCTLS, type Netns } from "../dataplane/netns";

/** The gateways keep translations in a conntrack table of their own, by these names. */
export const IGW_STATE = "fabric/igw";
export const NATGW_STATE = "fabric/natgw";

/** The gateways translate; they have no interfaces of their own to choose addresses from. */
export const NAT_GATEWAY_NETNS: Netns = {
  id: NATGW_STATE,
  machine: "natgw",
  label: "natgw",
  interfaces: [],
  routes: [],
  listeners: [],
  sysctls: HOST_SYSCTLS,
  up: true,
};
