import { expect, test } from "vitest";
import type { HopView } from "../../worker/protocol";
import { marksOf, trailMark } from "./trail-marks";

const hops = ["host/user", "igw", "node/node-1/eth0", "pod/default/web"].map(
  (place) => ({ place }) as HopView,
);

test.each([
  [-1, ["", "", "", ""]],
  [0, ["is-active", "", "", ""]],
  [2, ["is-passed", "is-passed", "is-active", ""]],
  [3, ["is-passed", "is-passed", "is-passed", "is-active"]],
])("at hop %i the boxes on the way are marked %j", (index, marks) => {
  const boxes = ["Host/user", "igw", "node/node-1/eth0", "Pod/default/web"];
  expect(boxes.map((box) => trailMark(marksOf({ hops, index }), box))).toEqual(marks);
});
