import { KINDS, type KubeObject, keyOf, type ObjectKey, objectKey } from "../core/api/types";
import { dnsWorldOf } from "../core/cluster/names";
import type { World } from "../core/cluster/world";
import { type ListedRecord, listRecords } from "../core/dns/listing";
import { fieldChanges } from "./field-changes";
import { ruleChanges } from "./rule-changes";
import type { Effect } from "./what-if-protocol";

/** What has come and gone between two moments: objects and their fields, load balancers, rules on each node, DNS
 *  records. */
export function effectsBetween(before: World, after: World): readonly Effect[] {
  return [
    ...objectEffects(before, after),
    ...fieldEffects(before, after),
    ...balancerEffects(before, after),
    ...ruleEffects(before, after),
    ...recordEffects(before, after),
  ];
}

function objectEffects(before: World, after: World): readonly Effect[] {
  return KINDS.filter((kind) => kind !== "Event" && kind !== "Endpoints").flatMap((kind) => {
    const was = byKey(before.store.list(kind));
    const is = byKey(after.store.list(kind));
    const effects: Effect[] = [];
    for (const [key, object] of is)
      if (!was.has(key)) effects.push({ change: "added", what: "object", about: aboutOf(object) });
    for (const [key, object] of was)
      if (!is.has(key)) effects.push({ change: "removed", what: "object", about: aboutOf(object) });
    return effects;
  });
}

function byKey(objects: Iterable<KubeObject>): ReadonlyMap<ObjectKey, KubeObject> {
  return new Map([...objects].map((object) => [objectKey(object), object]));
}

/** The object, then those it belongs to. */
function aboutOf(object: KubeObject): readonly ObjectKey[] {
  const { namespace, ownerReferences = [], labels } = object.metadata;
  const service = object.kind === "EndpointSlice" && labels?.["kubernetes.io/service-name"];
  return [
    objectKey(object),
    ...ownerReferences.map(({ kind, name }) => keyOf(kind, namespace, name)),
    ...(service ? [keyOf("Service", namespace, service)] : []),
    ...(object.kind === "Pod" && object.spec.nodeName ? [`Node/${object.spec.nodeName}`] : []),
  ];
}

/** Kinds whose fields people set; endpoints and status are told by what they lead to. */
const SET_BY_PEOPLE = [
  "Service",
  "Ingress",
  "Deployment",
  "DaemonSet",
  "Pod",
  "Node",
  "Host",
  "SecurityGroup",
] as const;

function fieldEffects(before: World, after: World): readonly Effect[] {
  return SET_BY_PEOPLE.flatMap((kind) =>
    [...after.store.list(kind)].flatMap((object: KubeObject): readonly Effect[] => {
      const old = before.store.findByKey(objectKey(object));
      if (!old || old === object) return [];
      return fieldChanges(told(old), told(object)).map((one) => ({
        change:
          one.before === undefined ? "added" : one.after === undefined ? "removed" : "changed",
        what: "field",
        name: one.field,
        about: aboutOf(object),
        ...(one.before !== undefined && { before: one.before }),
        ...(one.after !== undefined && { after: one.after }),
      }));
    }),
  );
}

function told(object: KubeObject): object {
  const { labels } = object.metadata;
  return {
    metadata: { labels },
    spec: "spec" in object ? object.spec : {},
    status: object.kind === "Service" ? object.status : {},
  };
}

function balancerEffects(before: World, after: World): readonly Effect[] {
  const [was, is] = [servicesOf(before), servicesOf(after)];
  const effect = (change: Effect["change"], service: string): Effect => ({
    change,
    what: "load balancer",
    about: [`Service/${service}`],
  });
  return [
    ...[...is].filter((service) => !was.has(service)).map((service) => effect("added", service)),
    ...[...was].filter((service) => !is.has(service)).map((service) => effect("removed", service)),
  ];
}

function servicesOf(world: World): ReadonlySet<string> {
  return new Set(world.loadBalancers().map(({ service }) => service));
}

/** One for each node and direction: how many rules, and the Services and pods they are about. */
function ruleEffects(before: World, after: World): readonly Effect[] {
  return [...after.store.list("Node")].flatMap(({ metadata: { name } }) => {
    const changes = ruleChanges(before, after, name);
    return (["added", "removed"] as const).flatMap((change): Effect[] => {
      const found = changes.filter((one) => one.change === change);
      if (found.length === 0) return [];
      const about = found.flatMap(({ causes }) => causes.flatMap(({ object }) => object ?? []));
      return [{ change, what: "rules", count: found.length, node: name, about: unique(about) }];
    });
  });
}

function recordEffects(before: World, after: World): readonly Effect[] {
  const [was, is] = [recordsOf(before), recordsOf(after)];
  const effect = (change: Effect["change"], record: ListedRecord): Effect => ({
    change,
    what: "DNS record",
    name: `${record.name} ${record.type} ${record.value}`,
    about: [`Service/${record.service}`],
  });
  const only = (these: typeof was, those: typeof was, change: Effect["change"]) =>
    [...these].flatMap(([key, record]) => (those.has(key) ? [] : [effect(change, record)]));
  return [...only(is, was, "added"), ...only(was, is, "removed")];
}

function recordsOf(world: World): ReadonlyMap<string, ListedRecord> {
  const records = listRecords(dnsWorldOf(world.store, world.loadBalancers()));
  return new Map(records.map((one) => [`${one.name} ${one.type} ${one.value}`, one]));
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
