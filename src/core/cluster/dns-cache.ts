import type { Ipv4 } from "../net/ipv4";
import { CowMap } from "../sim/cow-map";

export interface CachedName {
  readonly ips: readonly Ipv4[];
  readonly untilUs: number;
}

/** What programs that keep answers have kept: the Java VM keeps them for 30 s, libc not at all. */
export class DnsCache {
  readonly #names: CowMap<string, CachedName>;

  constructor(from?: DnsCache) {
    this.#names = from ? from.#names.fork() : new CowMap();
  }

  fork(): DnsCache {
    return new DnsCache(this);
  }

  find(owner: string, name: string, nowUs: number): CachedName | undefined {
    const found = this.#names.get(`${owner} ${name}`);
    return found && found.untilUs > nowUs ? found : undefined;
  }

  keep(owner: string, name: string, cached: CachedName): void {
    this.#names.set(`${owner} ${name}`, cached);
  }
}
