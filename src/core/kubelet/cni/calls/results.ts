import { fieldOf, isList, type JsonObject } from "../../../api/json";
import { formatIpv4, type Ipv4 } from "../../../net/ipv4";

/** A part of a CNI result: an interface, an address, a route. */
export interface ResultInterface {
  readonly name: string;
  readonly mac?: string;
  readonly sandbox?: string;
}

export interface ResultIp {
  /** Index of its interface. */
  readonly interface?: number;
  readonly ip: Ipv4;
  readonly prefix: number;
  readonly gateway?: Ipv4;
}

export interface ResultRoute {
  readonly dst: string;
  readonly gw?: string;
}

/** Before 1.0.0 each address tells its version. Source: containernetworking/cni, pkg/types. */
export function resultOf(
  cniVersion: string,
  parts: {
    readonly interfaces?: readonly ResultInterface[];
    readonly ips: readonly ResultIp[];
    readonly routes?: readonly ResultRoute[];
  },
): JsonObject {
  const { interfaces = [], ips, routes = [] } = parts;
  return {
    cniVersion,
    ...(interfaces.length > 0 && { interfaces }),
    ips: ips.map(({ interface: index, ip, prefix, gateway }) => ({
      ...(cniVersion !== "1.0.0" && { version: "4" }),
      ...(index !== undefined && { interface: index }),
      address: `${formatIpv4(ip)}/${prefix}`,
      ...(gateway !== undefined && { gateway: formatIpv4(gateway) }),
    })),
    ...(routes.length > 0 && { routes }),
    dns: {},
  };
}

/** Source: containernetworking/cni, pkg/types, ErrInternal. */
export function errorOf(message: string): JsonObject {
  return { code: 999, msg: message };
}

export function withInterface(result: JsonObject, added: ResultInterface): JsonObject {
  const interfaces = fieldOf(result, "interfaces");
  return { ...result, interfaces: [...(isList(interfaces) ? interfaces : []), added] };
}
