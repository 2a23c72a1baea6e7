import type { Follow } from "../worker/protocol";

export const FOLLOW_LABELS: Record<Follow, string> = {
  first: "first packet",
  request: "request",
  response: "response",
  all: "all packets",
};
