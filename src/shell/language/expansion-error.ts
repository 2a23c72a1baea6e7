/** What a wrong expansion says: `x: unbound variable`. The command is not run. */
export class ExpansionError extends Error {}
