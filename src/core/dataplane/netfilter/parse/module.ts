import type { Protocol } from "../../../net/packet";
import type { IpSet } from "../ipset";
import type { Match, RuleTarget } from "../rules";
import type { OptionSpec, Options } from "./options";

/** What the rest of a rule says, once all of it has been read. */
export interface RuleContext {
  /** `-p`; absent: every protocol. */
  readonly protocol?: { readonly protocol: Protocol | number; readonly negate: boolean };
  /** The sets that there are. */
  findSet(name: string): IpSet | undefined;
}

/** How one `-m` is read. */
export interface MatchModule {
  readonly options: readonly OptionSpec[];
  build(options: Options, context: RuleContext): readonly Match[];
}

/** How one `-j` is read. */
export interface TargetModule {
  readonly options: readonly OptionSpec[];
  build(options: Options, context: RuleContext): RuleTarget;
}
