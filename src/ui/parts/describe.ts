/** `00:01.240`: minutes, seconds, milliseconds of virtual time. */
export function clockText(atUs: number): string {
  const ms = Math.floor(atUs / 1_000);
  const pad = (value: number, width: number) => String(value).padStart(width, "0");
  return `${pad(Math.floor(ms / 60_000), 2)}:${pad(Math.floor(ms / 1_000) % 60, 2)}.${pad(ms % 1_000, 3)}`;
}

export function percentText(probability: number): string {
  for (let parts = 1; parts <= 12; parts++) {
    const share = probability * parts;
    if (Math.abs(share - Math.round(share)) < 1e-6 && Math.round(share) > 0) {
      return Math.round(share) === parts ? "always" : `${Math.round(share)}/${parts}`;
    }
  }
  const ways = Math.round(1 / probability);
  if (ways <= 200 && Math.abs(probability * ways - 1) < 1e-6) return `1/${ways}`;
  return `${(probability * 100).toFixed(1)} %`;
}

/** `Pod default/kuard-x` of `Pod/default/kuard-x`. */
export function keyText(key: string): string {
  return key.replace("/", " ");
}

const PLACE_WORDS: Readonly<Record<string, string>> = {
  internet: "the internet",
  igw: "the internet gateway",
  natgw: "the NAT gateway",
  vpc: "the VPC router",
};

const PART_WORDS: Readonly<Record<string, string>> = {
  route: "routing table",
  cni0: "bridge cni0",
  "flannel.1": "tunnel flannel.1",
  local: "own processes",
};

/** `node-2, routing table` of `node/node-2/route`: a place of core/trace/place for people. */
export function placeText(place: string): string {
  const [kind, first = "", second] = place.split("/");
  if (kind === "node" && second) return `${first}, ${PART_WORDS[second] ?? second}`;
  if (kind === "elb") return `the load balancer of ${first}/${second ?? ""}`;
  if (kind === "pod") return `pod ${first}/${second ?? ""}`;
  if (kind === "host") return first;
  return PLACE_WORDS[place] ?? place;
}
