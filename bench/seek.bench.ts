import { Session } from "../src/core/cluster/session";
import { SECOND } from "../src/core/sim/time";
import { MirrorFeed } from "../src/worker/mirror-feed";
import { type BenchRow, cpuSeconds } from "./bench";
import { bootCluster, type ClusterSize, clusterManifests, formatSize } from "./cluster";

const SIZES: readonly ClusterSize[] = [
  { nodes: 3, pods: 9, services: 1 },
  { nodes: 10, pods: 300, services: 10 },
  { nodes: 100, pods: 1_000, services: 100 },
];
const RUN_US = 60 * SECOND;
const SEEKS = 40;
const FORKS = 200;
const UPDATES = 100;

/** What going back and forth costs, and telling the page what has changed. */
export default async function seek(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const size of SIZES) {
    const name = formatSize(size);
    const session = new Session(bootCluster(clusterManifests(size)));
    const per = async (count: number, work: (index: number) => void) => {
      const seconds = await cpuSeconds(() => {
        for (let index = 0; index < count; index++) work(index);
      });
      return (seconds * 1_000) / count;
    };
    const fork = await per(FORKS, () => session.world.fork());
    const played = await per(1, () => session.advance(RUN_US));
    const back = await per(SEEKS, (index) =>
      session.seek(session.startUs + ((index * 7_919) % 60) * SECOND),
    );
    const feed = new MirrorFeed();
    const first = await per(1, () => feed.next(session));
    const next = await per(UPDATES, () => feed.next(session));
    rows.push(
      { name: `${name}: snapshot`, value: fork, unit: "ms CPU" },
      { name: `${name}: 60 s of quiet play`, value: played, unit: "ms CPU" },
      { name: `${name}: seek`, value: back, unit: "ms CPU" },
      { name: `${name}: first mirror update`, value: first, unit: "ms CPU" },
      { name: `${name}: mirror update`, value: next, unit: "ms CPU" },
    );
  }
  return rows;
}
