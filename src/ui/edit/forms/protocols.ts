/** As choices of a field; "" is what the API server takes when nothing is said. */
export const PROTOCOLS = [
  ["", "TCP (default)"],
  ["TCP", "TCP"],
  ["UDP", "UDP"],
  ["SCTP", "SCTP"],
] as const;
