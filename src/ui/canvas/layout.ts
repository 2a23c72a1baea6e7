import type { ObjectKey } from "../../core/api/types";
import { keyOf } from "../../stores/related";
import type { LoadBalancerView } from "../../worker/protocol";
import type { CanvasModel, NodeView, ServiceView } from "./model";
import { type Block, column, rows, wrapped } from "./pack";
import { partsBottom, partsOf } from "./parts";

export type BoxKind =
  | "zone"
  | "strip"
  | "host"
  | "gateway"
  | "loadBalancer"
  | "service"
  | "room"
  | "part"
  | "pod";

/** One thing on the canvas. Its id is the object's key, or the place where it has none. */
export interface Box {
  readonly id: string;
  readonly kind: BoxKind;
  readonly parent?: string;
  /** Relative to the parent. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  /** Parents come before their children. */
  readonly boxes: ReadonlyMap<string, Box>;
  /** Place of every pod in its node's grid: it stays there while others come and go. */
  readonly slots: ReadonlyMap<ObjectKey, number>;
  readonly podColumns: number;
  readonly roomColumns: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface LayoutOptions {
  /** Where things were dragged to, relative to their parents. */
  readonly moved?: ReadonlyMap<string, Point>;
  /** Internet, VPC and cluster below each other, for a screen that is higher than wide. */
  readonly portrait?: boolean;
  /** The layout before this one, so that pods keep their slots. */
  readonly previous?: Layout;
}

export const ZONES = {
  internet: "zone/internet",
  vpc: "zone/vpc",
  cluster: "zone/cluster",
} as const;
export const STRIP = "strip/unscheduled";

const ZONE_GAP = 16;
const ZONE_PADDING = 14;
const ZONE_HEADER = 38;
const HOST = { width: 160, height: 64 };
const GATEWAY = { width: 184, height: 46 };
const SERVICE = { width: 206, height: 86 };
const POD = { width: 164, height: 57 };
const POD_GAP = 8;
const ROOM_GAP = 14;
const ROOM_PADDING = 12;
const ROOM_HEADER = 36;
const PODS_X = 454;
/** The lines from Services to pods run down here. */
export const GUTTER = 22;
/** Width over height that fills most screens. */
const PREFERRED_ASPECT = 1.5;

/** Of a room with the usual parts. */
const PARTS_HEIGHT = 144 + ROOM_PADDING;

export function layoutCanvas(model: CanvasModel, options: LayoutOptions = {}): Layout {
  const boxes = new Map<string, Box>();
  const slots = new Map<ObjectKey, number>();
  const add = (box: Box) => {
    const moved = options.moved?.get(box.id);
    boxes.set(box.id, moved ? { ...box, ...moved } : box);
  };

  const rooms = model.nodes.map((view) => ({ view, slots: takeSlots(view, options.previous) }));
  for (const room of rooms) for (const [key, slot] of room.slots) slots.set(key, slot);
  const cluster = clusterSize(model.services, rooms, options.previous);

  const internet = internetBlocks(model);
  const vpc = vpcBlocks(model);
  const columns = options.portrait ? [] : [internet, vpc];
  const spread = Math.max(cluster.height, ...columns.map(leastHeight));
  const strip = stripSize(model.strayPods.length, cluster.width);
  const height = Math.max(spread, cluster.height + strip.height) + ZONE_HEADER + ZONE_PADDING;

  const size = { cluster: cluster.width, height, spread };
  const zones = options.portrait ? stackedZones : zonesInColumns;
  for (const box of zones(internet, vpc, size)) add(box);
  addServices(model.services, cluster, add);
  addRooms(rooms, cluster, add);
  if (model.strayPods.length > 0) {
    const y = ZONE_HEADER + cluster.height + ROOM_GAP;
    const inner = { width: cluster.width, height: strip.height - ROOM_GAP };
    add({ id: STRIP, kind: "strip", parent: ZONES.cluster, x: ZONE_PADDING, y, ...inner });
    model.strayPods.forEach((pod, i) => {
      const cell = cellAt(i, strip.columns, ROOM_PADDING, 28);
      add({ id: keyOf(pod), kind: "pod", parent: STRIP, ...cell });
    });
  }
  return { boxes, slots, podColumns: cluster.podColumns, roomColumns: cluster.roomColumns };
}

interface ZoneSizes {
  /** Inner width of the cluster. */
  readonly cluster: number;
  readonly height: number;
  /** Height over which the blocks of a column are spread. */
  readonly spread: number;
}

function zonesInColumns(
  internet: readonly Block[],
  vpc: readonly Block[],
  { cluster, height, spread }: ZoneSizes,
): readonly Box[] {
  const at = { x: ZONE_PADDING, y: ZONE_HEADER, height: spread };
  const widths = [HOST.width, GATEWAY.width, cluster].map((inner) => inner + 2 * ZONE_PADDING);
  const [first = 0, second = 0] = widths;
  const lefts = [0, first + ZONE_GAP, first + second + 2 * ZONE_GAP];
  return [
    ...Object.values(ZONES).map(
      (id, i): Box => ({ id, kind: "zone", x: lefts[i] ?? 0, y: 0, width: widths[i] ?? 0, height }),
    ),
    ...column(internet, at).map((box) => ({ ...box, parent: ZONES.internet })),
    ...column(vpc, at).map((box) => ({ ...box, parent: ZONES.vpc })),
  ];
}

function stackedZones(
  internet: readonly Block[],
  vpc: readonly Block[],
  { cluster, height }: ZoneSizes,
): readonly Box[] {
  const at = { x: ZONE_PADDING, y: ZONE_HEADER, width: cluster };
  const above = [wrapped(internet, at), wrapped(vpc, at)];
  const heights = [...above.map((zone) => zone.height + ZONE_HEADER + ZONE_PADDING), height];
  let y = 0;
  const zones = Object.values(ZONES).map((id, i): Box => {
    const box = { y, width: cluster + 2 * ZONE_PADDING, height: heights[i] ?? 0 };
    y += box.height + ZONE_GAP;
    return { id, kind: "zone", x: 0, ...box };
  });
  return [
    ...zones,
    ...above.flatMap(({ boxes }, i) => boxes.map((box) => ({ ...box, parent: zones[i]?.id }))),
  ];
}

function internetBlocks(model: CanvasModel): readonly Block[] {
  const hosts = model.internetHosts.map((host) => ({ host, id: keyOf(host) }));
  const block = ({ id }: { id: string }): Block => ({ id, kind: "host", ...HOST });
  const clients = hosts.filter(({ host }) => (host.spec.listens?.length ?? 0) === 0);
  const servers = hosts.filter(({ host }) => (host.spec.listens?.length ?? 0) > 0);
  const internet: Block = { id: "internet", kind: "gateway", width: HOST.width, height: 46 };
  return [...clients.map(block), internet, ...servers.map(block)];
}

function vpcBlocks(model: CanvasModel): readonly Block[] {
  const gateway = (id: string): Block => ({ id, kind: "gateway", ...GATEWAY });
  return [
    gateway("igw"),
    ...model.loadBalancers.map((view) =>
      loadBalancerBlock(view, model.groups(`lb/${view.service}`).length > 0),
    ),
    gateway("vpc"),
    ...(model.fabric?.natGateway ? [gateway("natgw")] : []),
    ...model.vpcHosts.map(
      (host): Block => ({
        id: keyOf(host),
        kind: "host",
        width: GATEWAY.width,
        height: HOST.height,
      }),
    ),
  ];
}

/** More targets than these are counted, not listed. */
export const LISTED_TARGETS = 5;
export const LISTED_PORTS = 3;

function loadBalancerBlock(view: LoadBalancerView, hasGroups: boolean): Block {
  const targetLines = view.targets.length > LISTED_TARGETS ? 2 : Math.max(1, view.targets.length);
  const portLines = Math.min(view.ports.length, LISTED_PORTS);
  const noteLines = (view.failsOpen ? 1 : 0) + (hasGroups ? 1 : 0);
  const height = 14 + 18 + 16 * (1 + portLines + targetLines + noteLines) + 2;
  return { id: `elb/${view.service}`, kind: "loadBalancer", width: GATEWAY.width, height };
}

function leastHeight(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + block.height + 12, 0);
}

interface RoomSlots {
  readonly view: NodeView;
  readonly slots: ReadonlyMap<ObjectKey, number>;
}

/** Pods keep the slot they had; new ones take the first that is free. */
function takeSlots(view: NodeView, previous: Layout | undefined): ReadonlyMap<ObjectKey, number> {
  const keys = view.pods.map(keyOf);
  const room = keyOf(view.node);
  const slots = new Map<ObjectKey, number>();
  for (const key of keys) {
    const slot = previous?.boxes.get(key)?.parent === room ? previous.slots.get(key) : undefined;
    if (slot !== undefined && slot < keys.length + 2) slots.set(key, slot);
  }
  const taken = new Set(slots.values());
  let next = 0;
  for (const key of keys) {
    if (slots.has(key)) continue;
    while (taken.has(next)) next++;
    taken.add(next);
    slots.set(key, next);
  }
  return slots;
}

interface ClusterSize {
  readonly width: number;
  readonly height: number;
  readonly servicesHeight: number;
  readonly servicesPerRow: number;
  readonly podColumns: number;
  readonly roomColumns: number;
  readonly roomWidth: number;
}

/** The columns that fill the screen best. They stay as they were while only pods come and go, or a rollout would
 *  shake the whole picture. */
function clusterSize(
  services: readonly ServiceView[],
  rooms: readonly RoomSlots[],
  previous: Layout | undefined,
): ClusterSize {
  const least = podColumnsFor(Math.max(0, ...rooms.map(({ slots }) => slotCount(slots))));
  if (
    previous &&
    boxCount(previous, "room") === rooms.length &&
    boxCount(previous, "service") === services.length &&
    previous.podColumns >= least
  ) {
    return sizeWith(previous.roomColumns, previous.podColumns, services, rooms);
  }
  const mostRoomColumns = Math.max(1, Math.min(rooms.length, 6));
  const candidates = Array.from({ length: mostRoomColumns }, (_, i) =>
    [least, least + 1, least + 2].map((podColumns) => sizeWith(i + 1, podColumns, services, rooms)),
  ).flat();
  const others = HOST.width + GATEWAY.width + 4 * ZONE_PADDING + 2 * ZONE_GAP;
  const badness = (size: ClusterSize) =>
    Math.abs(Math.log((size.width + others) / (size.height + ZONE_HEADER) / PREFERRED_ASPECT));
  return candidates.reduce((best, one) => (badness(one) < badness(best) ? one : best));
}

function sizeWith(
  roomColumns: number,
  podColumns: number,
  services: readonly ServiceView[],
  rooms: readonly RoomSlots[],
): ClusterSize {
  const roomWidth = PODS_X + podColumns * (POD.width + POD_GAP) - POD_GAP + GUTTER;
  const width = roomColumns * (roomWidth + ROOM_GAP) - ROOM_GAP;
  const servicesPerRow = Math.max(1, Math.floor((width + 10) / (SERVICE.width + 10)));
  const serviceRows = Math.ceil(services.length / servicesPerRow);
  const servicesHeight = serviceRows * (SERVICE.height + 10) + (services.length > 0 ? 12 : 0);
  const heights = rows(rooms, roomColumns).map((row) => roomHeight(row, podColumns) + ROOM_GAP);
  const height = servicesHeight + heights.reduce((sum, one) => sum + one, 0) - ROOM_GAP;
  return {
    ...{ width, height: Math.max(height, PARTS_HEIGHT), servicesHeight, servicesPerRow },
    ...{ podColumns, roomColumns, roomWidth },
  };
}

function boxCount(layout: Layout, kind: BoxKind): number {
  return [...layout.boxes.values()].filter((box) => box.kind === kind).length;
}

function slotCount(slots: ReadonlyMap<ObjectKey, number>): number {
  return Math.max(-1, ...slots.values()) + 1;
}

function podColumnsFor(pods: number): number {
  if (pods <= 2) return 1;
  if (pods <= 8) return 2;
  return Math.ceil(Math.sqrt(pods / 1.6));
}

function roomHeight(row: readonly RoomSlots[], podColumns: number): number {
  const most = Math.max(...row.map(({ slots }) => slotCount(slots)));
  const podRows = Math.ceil(most / podColumns);
  const pods = ROOM_HEADER + podRows * (POD.height + POD_GAP) - POD_GAP + ROOM_PADDING;
  const parts = Math.max(...row.map(({ view }) => partsBottom(view))) + ROOM_PADDING;
  return Math.max(parts, pods);
}

function stripSize(pods: number, width: number): { height: number; columns: number } {
  const columns = Math.max(1, Math.floor((width - 2 * ROOM_PADDING) / (POD.width + POD_GAP)));
  if (pods === 0) return { height: 0, columns };
  const height = ROOM_GAP + 28 + Math.ceil(pods / columns) * (POD.height + POD_GAP) + 4;
  return { height, columns };
}

function cellAt(slot: number, columns: number, left: number, top: number) {
  return {
    x: left + (slot % columns) * (POD.width + POD_GAP),
    y: top + Math.floor(slot / columns) * (POD.height + POD_GAP),
    ...POD,
  };
}

function addServices(
  services: readonly ServiceView[],
  size: ClusterSize,
  add: (box: Box) => void,
): void {
  const gap =
    services.length >= size.servicesPerRow
      ? (size.width - size.servicesPerRow * SERVICE.width) / Math.max(1, size.servicesPerRow - 1)
      : 10;
  services.forEach(({ service }, i) => {
    const x = ZONE_PADDING + (i % size.servicesPerRow) * (SERVICE.width + gap);
    const y = ZONE_HEADER + Math.floor(i / size.servicesPerRow) * (SERVICE.height + 10);
    add({ id: keyOf(service), kind: "service", parent: ZONES.cluster, x, y, ...SERVICE });
  });
}

function addRooms(all: readonly RoomSlots[], size: ClusterSize, add: (box: Box) => void): void {
  let y = ZONE_HEADER + size.servicesHeight;
  for (const row of rows(all, size.roomColumns)) {
    const height = roomHeight(row, size.podColumns);
    row.forEach(({ view, slots }, i) => {
      const id = keyOf(view.node);
      const x = ZONE_PADDING + i * (size.roomWidth + ROOM_GAP);
      add({ id, kind: "room", parent: ZONES.cluster, x, y, width: size.roomWidth, height });
      for (const [part, rect] of partsOf(view)) {
        add({ id: `node/${view.name}/${part}`, kind: "part", parent: id, ...rect });
      }
      for (const [key, slot] of slots) {
        const cell = cellAt(slot, size.podColumns, PODS_X, ROOM_HEADER);
        add({ id: key, kind: "pod", parent: id, ...cell });
      }
    });
    y += height + ROOM_GAP;
  }
}
