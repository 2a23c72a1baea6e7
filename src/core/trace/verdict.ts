/** A packet's fate. `refused`: a reset or an ICMP error came back. `dropped`: silence. */
export type VerdictKind = "delivered" | "refused" | "dropped";

/** Why a packet did not arrive. Names follow the kernel's skb_drop_reason where one exists. */
export type Reason =
  /** A DROP target or policy of the filter table. */
  | "NetfilterDrop"
  /** A REJECT target. */
  | "NetfilterReject"
  /** No listener on the destination's port (kernel: NO_SOCKET). */
  | "NoSocket"
  /** No route to the destination here. */
  | "IpInNoRoutes"
  | "IpOutNoRoutes"
  /** ARP got no answer: nobody on the link owns the address. */
  | "NeighFailed"
  /** A tunnel does not know behind which machine its next hop is (kernel: VXLAN_NO_REMOTE). */
  | "VxlanNoRemote"
  /** The destination is not of this machine, and it does not forward. */
  | "OtherHost"
  | "TtlExceeded"
  /** The reply came from an address the client never spoke to: its kernel resets the stranger. */
  | "ReplyFromStranger"
  /** The reply took a way on which it never reached the client. */
  | "ReplyLost"
  /** Martians. The packet carries its receiver's own address as source (kernel: IP_LOCAL_SOURCE). */
  | "IpLocalSource"
  /** A source or destination that is nobody's: 0/8, a group, a broadcast address. */
  | "IpInvalidSource"
  | "IpInvalidDest"
  /** A loopback address from outside, without route_localnet (kernel: IP_LOCALNET). */
  | "IpLocalnet"
  /** The way back to the source does not lead through the interface that the packet came in on. */
  | "IpRpFilter"
  /** The load balancer has no target that passes its health checks. */
  | "NoHealthyTargets"
  /** The cloud carries only packets from and to an instance's own addresses. */
  | "SourceDestCheck"
  /** No rule of the security groups at a machine's network card admits the packet: silence. */
  | "SecurityGroup"
  /** The Service has no load balancer (yet): there is no address that a client could ask. */
  | "LoadBalancerPending"
  | "MachineDown"
  /** The interface was set down (kernel: DEV_READY). */
  | "DevReady"
  /** A NAT gateway was sent a packet that belongs to no connection from inside. */
  | "NoNatMapping"
  | "ConnectionReset"
  | "BridgeNoHairpin"
  /** The name stands for nothing: every name of the search list is NXDOMAIN. */
  | "DnsNxdomain"
  /** The name is there, and has no address. */
  | "DnsNoData"
  /** The nameserver could not find out. */
  | "DnsServfail"
  /** No nameserver answers. */
  | "DnsTimeout"
  /** Nothing listens where the nameserver should be. */
  | "DnsRefused"
  | "NotModelled";

export interface Verdict {
  readonly kind: VerdictKind;
  /** Absent when delivered. */
  readonly reason?: Reason;
  /** One plain sentence: what happened and where. */
  readonly explanation: string;
  /** Place at which it was decided. */
  readonly place: string;
}
