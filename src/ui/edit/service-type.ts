import { getAt, type Json, setAt } from "./manifest";

/** The five kinds of Service that people speak of: headless is a ClusterIP Service without one. */
export const SERVICE_TYPES = [
  "ClusterIP",
  "Headless",
  "NodePort",
  "LoadBalancer",
  "ExternalName",
] as const;
export type ServiceTypeChoice = (typeof SERVICE_TYPES)[number];

export function serviceTypeOf(manifest: Json): ServiceTypeChoice {
  if (getAt(manifest, ["spec", "clusterIP"]) === "None") return "Headless";
  const type = getAt(manifest, ["spec", "type"]);
  return SERVICE_TYPES.find((one) => one === type) ?? "ClusterIP";
}

/** Fields that the API server refuses for other types. */
const OF_EXTERNAL = ["externalTrafficPolicy"];
const OF_LOAD_BALANCER = [
  "allocateLoadBalancerNodePorts",
  "loadBalancerClass",
  "loadBalancerSourceRanges",
  "loadBalancerIP",
  "healthCheckNodePort",
];
const OF_ADDRESSED = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"];

/** The same Service as another type: what that type may not have goes, what it must have comes. */
export function withServiceType(manifest: Json, type: ServiceTypeChoice): Json {
  let next: unknown = setAt(manifest, ["spec", "type"], type === "Headless" ? "ClusterIP" : type);
  const set = (field: string, value: unknown) => {
    next = setAt(next, ["spec", field], value);
  };
  const drop = (fields: readonly string[]) => {
    for (const field of fields) set(field, undefined);
  };
  if (type === "Headless") {
    set("clusterIP", "None");
    set("clusterIPs", undefined);
  } else if (serviceTypeOf(manifest) === "Headless") drop(["clusterIP", "clusterIPs"]);
  if (type === "ExternalName") {
    drop(OF_ADDRESSED);
    set("externalName", "db.example.com");
  } else set("externalName", undefined);
  const isExternal = type === "NodePort" || type === "LoadBalancer";
  const hasExternalIPs = getAt(manifest, ["spec", "externalIPs"]) !== undefined;
  if (!isExternal) {
    if (!hasExternalIPs || type === "ExternalName") drop(OF_EXTERNAL);
    const ports = getAt(next, ["spec", "ports"]);
    if (Array.isArray(ports)) {
      const bare = (port: Json) => setAt(port, ["nodePort"], undefined) ?? {};
      set("ports", ports.map(bare));
    }
  }
  if (type !== "LoadBalancer") drop(OF_LOAD_BALANCER);
  return next as Json;
}
