import { HOST_SYSCTLS, type Netns } from "../dataplane/netns";

/** The gateways keep translations in a conntrack table of their own, by these names. */
export const IGW_STATE = "fabric/igw";
export const NATGW_STATE = "fabric/natgw";
/** Flows through load balancers of layer 4: the VPC keeps them for all. */
export const NLB_STATE = "fabric/nlb";

/** The gateways translate; they have no interfaces of their own to choose addresses from. */
export const NAT_GATEWAY_NETNS: Netns = translator(NATGW_STATE, "natgw");
export const NLB_NETNS: Netns = translator(NLB_STATE, "nlb");

function translator(id: string, label: string): Netns {
  return {
    id,
    machine: label,
    label,
    interfaces: [],
    routes: [],
    listeners: [],
    sysctls: HOST_SYSCTLS,
    up: true,
  };
}
