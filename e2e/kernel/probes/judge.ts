import type { Frames } from "./follow";

/** Which of its addresses the VPC router speaks from is for each to say. */
const VPC_ROUTER = / 10\.0\.\d+\.1 > /;

/** Which frames only one side saw; undefined: both saw the same. */
export function findStrayFrames(
  { frames, reasons }: Frames,
  seen: readonly string[],
): string | undefined {
  const simulated = new Set([...frames].map(withRouter));
  const kernel = new Set(seen.map(withRouter));
  const stray = [
    ...[...simulated].filter((one) => !kernel.has(one)).map((one) => `  only simulated: ${one}`),
    ...[...kernel].filter((one) => !simulated.has(one)).map((one) => `  only the kernel: ${one}`),
  ];
  return stray.length === 0
    ? undefined
    : [`a probe takes another way (${reasons.join(", ")})`, ...stray].join("\n");
}

function withRouter(frame: string): string {
  return frame.replace(VPC_ROUTER, " the VPC router > ");
}
