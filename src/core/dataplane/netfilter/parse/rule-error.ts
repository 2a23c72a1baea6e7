/** What somebody wrote is not a rule, in iptables' words. Whoever reads whole texts adds the line. */
export class RuleError extends Error {}
