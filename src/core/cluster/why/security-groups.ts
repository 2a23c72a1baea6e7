import { type Case, plain } from "./case";
import type { Finding } from "./why";

/** No rule of a machine's security groups lets the packet in. */
export function whySecurityGroup(of: Case): Finding {
  return plain("SecurityGroupClosed", "A security group lets nothing of the kind in", of);
}
