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

/** The same Service as another type: what that type may not have goes, what it must have comes. */
export function withServiceType(manifest: Json, type: ServiceTypeChoice): Json {
  const before = serviceTypeOf(manifest);
  let next: unknown = setAt(manifest, ["spec", "type"], type === "Headless" ? "ClusterIP" : type);
  const set = (field: string, value: unknown) => {
    next = setAt(next, ["spec", field], value);
  };
  if (type === "Headless") set("clusterIP", "None");
  else if (before === "Headless" || type === "ExternalName") {
    set("clusterIP", undefined);
    set("clusterIPs", undefined);
  }
  if (type === "Headless") set("clusterIPs", undefined);
  if (type === "ExternalName") set("externalName", "db.example.com");
  else set("externalName", undefined);
  const isExternal = type === "NodePort" || type === "LoadBalancer";
  if (!isExternal) {
    for (const field of ["externalTrafficPolicy", "healthCheckNodePort"]) set(field, undefined);
    const ports = getAt(next, ["spec", "ports"]);
    if (Array.isArray(ports))
      set(
        "ports",
        ports.map((port: Json) => setAt(port, ["nodePort"], undefined)),
      );
  }
  if (type !== "LoadBalancer") set("allocateLoadBalancerNodePorts", undefined);
  return next as Json;
}
