import type { ObjectBase, ObjectReference } from "./meta";
import type { ServiceProtocol } from "./service";

export interface SliceEndpoint {
  readonly addresses: readonly string[];
  readonly conditions?: {
    readonly ready?: boolean;
    readonly serving?: boolean;
    readonly terminating?: boolean;
  };
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly zone?: string;
  readonly targetRef?: ObjectReference;
  readonly hints?: {
    readonly forZones?: readonly { readonly name: string }[];
    readonly forNodes?: readonly { readonly name: string }[];
  };
}

export interface SlicePort {
  readonly name?: string;
  readonly protocol?: ServiceProtocol;
  readonly port?: number;
  readonly appProtocol?: string;
}

export interface EndpointSlice extends ObjectBase<"EndpointSlice", "discovery.k8s.io/v1"> {
  readonly addressType: "IPv4" | "IPv6" | "FQDN";
  readonly endpoints: readonly SliceEndpoint[];
  readonly ports: readonly SlicePort[];
}

/** The older view of the same thing. Kept in step by the Endpoints controller. */
export interface Endpoints extends ObjectBase<"Endpoints", "v1"> {
  readonly subsets?: readonly {
    readonly addresses?: readonly EndpointAddress[];
    readonly notReadyAddresses?: readonly EndpointAddress[];
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly protocol: ServiceProtocol;
    }[];
  }[];
}

export interface EndpointAddress {
  readonly ip: string;
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly targetRef?: ObjectReference;
}
