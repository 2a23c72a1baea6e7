/** What the user asked for cannot be done. The message is all that they need to see. */
export class UserError extends Error {}
