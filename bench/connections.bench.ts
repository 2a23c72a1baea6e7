import type { World } from "../src/core/cluster/world";
import { type BenchRow, cpuSeconds } from "./bench";
import { nodeIp } from "./cluster";
import { bootServices } from "./services";

const SIZES = [10, 100, 1_000, 10_000];
const WARM_UP = 600;
const CONNECTIONS = 1_000;
const NAIVE_CONNECTIONS = 100;

/** Whole connections, every hop of every packet recorded, by how many Services the nodes have rules for. */
export default async function connections(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const atTen = new Map<string, number>();
  for (const size of SIZES) {
    let booted = bootServices(0);
    const boot = await cpuSeconds(() => {
      booted = bootServices(size);
    });
    rows.push({ name: `${size} Services: boot`, value: boot, unit: "s CPU" });
    const { world, name, nodePort } = booted;
    const ways = {
      "pod to clusterIP": ["pod/default/client", `svc/default/${name}:80`],
      "user to NodePort": ["host/user", `${nodeIp(0)}:${nodePort}`],
    } as const;
    for (const [what, [from, to]] of Object.entries(ways)) {
      await rateOf(world, from, to, WARM_UP, false);
      const rate = await rateOf(world, from, to, CONNECTIONS, false);
      const naive = await rateOf(world, from, to, NAIVE_CONNECTIONS, true);
      const first = atTen.get(what) ?? rate;
      atTen.set(what, first);
      rows.push(
        { name: `${size} Services: ${what}`, value: rate, unit: "connections/CPU s" },
        { name: "  of the rate with 10 Services", value: rate / first, unit: "×" },
        { name: "  rules tested one by one", value: naive, unit: "connections/CPU s" },
      );
    }
  }
  return rows;
}

async function rateOf(
  world: World,
  from: string,
  to: string,
  count: number,
  naive: boolean,
): Promise<number> {
  const fork = world.fork();
  const seconds = await cpuSeconds(() => {
    for (let i = 0; i < count; i++) {
      const sent = fork.trace(from, to, { naive });
      if (!sent.ok || sent.value.outcome?.verdict.kind !== "delivered")
        throw new Error(`${from} does not reach ${to}`);
    }
  });
  return count / seconds;
}
