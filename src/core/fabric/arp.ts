import type { Ipv4 } from "../net/ipv4";
import type { Fabric } from "./fabric";

/** The VPC router has the first address of every subnet. */
export function isVpcRouter(ip: Ipv4): boolean {
  return (ip & 0xff) === 1;
}

/** Whether anybody in the VPC has the address: without an answer to ARP nothing is sent. */
export function answersArp(fabric: Fabric, ip: Ipv4): boolean {
  return fabric.vpc.has(ip) || isVpcRouter(ip);
}
