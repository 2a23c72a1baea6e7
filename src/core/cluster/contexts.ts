import type { ControlContext } from "../controllers/context";

/** What a context offers whatever the time is. */
type Tools = Omit<ControlContext, "nowUs">;

/** The contexts that controllers, kubelets and proxies work in: the same one as long as time stands still. */
export class Contexts {
  readonly #makeTools: () => Tools;
  #tools: Tools | undefined;
  #latest: ControlContext | undefined;

  constructor(makeTools: () => Tools) {
    this.#makeTools = makeTools;
  }

  at(nowUs: number): ControlContext {
    if (this.#latest?.nowUs === nowUs) return this.#latest;
    this.#tools ??= this.#makeTools();
    this.#latest = { ...this.#tools, nowUs };
    return this.#latest;
  }
}
