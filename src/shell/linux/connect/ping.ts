import { formatIpv4, parseIpv4 } from "../../../core/net/ipv4";
import { packetBytes } from "../../../core/net/packet";
import { SECOND } from "../../../core/sim/time";
import { Interrupted } from "../../interrupt";
import { gnuError, parseOptions } from "../../options";
import { sourceOf } from "../../place";
import { fail, type Process, type Program, print } from "../../process";
import { addressesOf } from "../dns/getent";
import { isBusybox } from "../network";
import { errnoWords, outcomeOf } from "./reach";

const OPTIONS = {
  c: { value: true },
  i: { value: true },
  W: { value: true },
  w: { value: true },
  t: { value: true },
  s: { value: true },
  q: {},
  n: {},
  "4": {},
} as const;

interface Tally {
  sent: number;
  received: number;
  errors: number;
  readonly timesMs: number[];
  /** From the first request to the last. */
  tookUs: number;
  /** How many requests had been sent when the answer to the first of them came. */
  pipe: number;
}

/** The kernel's for an address that no ARP request finds. */
const ARP_FAILURE_US = 3 * SECOND;

/** Busybox's in Alpine images, iputils' elsewhere. Each echo request is a packet of its own, a second after the one before. */
export const ping: Program = async (process) => {
  const { values, rest, error } = parseOptions(process.args, OPTIONS);
  if (error) return fail(process, gnuError("ping", error), 2);
  const [host] = rest;
  if (host === undefined)
    return isBusybox(process)
      ? fail(process, "Usage: ping [OPTIONS] HOST")
      : fail(process, "ping: usage error: Destination address required", 1);
  if (isBusybox(process) && process.user === "nobody") return forbidden(process, host);
  const from = sourceOf(process.place);
  if (from === undefined) return fail(process, `ping: connect: Network is unreachable`, 2);
  const count = Number(values.c?.at(-1) ?? Number.POSITIVE_INFINITY);
  const everyUs = Number(values.i?.at(-1) ?? 1) * SECOND;
  const patienceUs = Number(values.W?.at(-1) ?? 10) * SECOND;
  const ttl = values.t ? { ttl: Number(values.t.at(-1)) } : {};
  const tally: Tally = { sent: 0, received: 0, errors: 0, timesMs: [], tookUs: 0, pipe: 0 };
  let address = host;
  try {
    for (let sequence = 0; sequence < count; sequence++) {
      const sentUs = process.cluster.nowUs;
      const sent = await process.cluster.request(from, `${address}/icmp`, ttl, process.interrupt);
      const reached = sent.ok ? outcomeOf(sent.value) : ({ kind: "noName" } as const);
      if (reached.kind === "noName" || !sent.ok)
        return fail(
          process,
          isBusybox(process)
            ? `ping: bad address '${host}'`
            : `ping: ${host}: Name or service not known`,
          isBusybox(process) ? 1 : 2,
        );
      const own = sent.value.hops.find((hop) => hop.after.echo === "request");
      if (parseIpv4(address) === undefined && own) address = formatIpv4(own.before.dst);
      const { errno } = reached.kind === "failed" ? reached : { errno: undefined };
      const isUnsent = errno === "ENETUNREACH" || errno === "EINVAL";
      // iputils connects before it says anything; busybox does not connect.
      if (sequence === 0 && (isBusybox(process) || !isUnsent))
        await print(
          process,
          isBusybox(process)
            ? `PING ${host} (${address}): 56 data bytes`
            : `PING ${host} (${address}) 56(84) bytes of data.`,
        );
      tally.sent++;
      tally.tookUs = sequence * everyUs;
      const back = [...sent.value.hops]
        .reverse()
        .find(
          ({ kind, after, direction }) =>
            kind === "delivered" && direction === "reply" && (after.echo === "reply" || after.icmp),
        );
      if (reached.kind === "answered" && back && own) {
        const tookMs = (back.atUs - own.atUs) / 1_000;
        tally.received++;
        tally.timesMs.push(tookMs);
        const bytes = packetBytes(back.after) - 20;
        const number = isBusybox(process) ? `seq=${sequence}` : `icmp_seq=${sequence + 1}`;
        const time = isBusybox(process) ? tookMs.toFixed(3) : tookMs.toPrecision(3);
        if (!values.q)
          await print(
            process,
            `${bytes} bytes from ${address}: ${number} ttl=${back.after.ttl} time=${time} ms`,
          );
      } else if (reached.kind === "failed") {
        if (reached.errno === "ENETUNREACH" || reached.errno === "EINVAL")
          return fail(
            process,
            isBusybox(process)
              ? `ping: sendto: ${errnoWords(reached.errno, true)}`
              : `ping: connect: ${errnoWords(reached.errno, false)}`,
            isBusybox(process) ? 1 : 2,
          );
        tally.errors++;
        const isFar = back !== undefined && back.after.src !== own?.before.src;
        const waitedUs = isFar ? 0 : ARP_FAILURE_US;
        tally.pipe = Math.min(count, Math.floor(waitedUs / everyUs) + 1);
        const teller = formatIpv4(back?.after.src ?? own?.before.src ?? 0);
        const what =
          back?.after.icmp?.error === "ttl-exceeded"
            ? "Time to live exceeded"
            : "Destination Host Unreachable";
        if (!isBusybox(process))
          await print(process, `From ${teller} icmp_seq=${sequence + 1} ${what}`);
      }
      const lastUs = sequence + 1 < count ? everyUs : reached.kind === "silent" ? patienceUs : 0;
      await process.cluster.sleep(sentUs + lastUs - process.cluster.nowUs, process.interrupt);
    }
  } catch (thrown) {
    if (!(thrown instanceof Interrupted) || thrown.signal !== "SIGINT") throw thrown;
  }
  await summary(process, host, tally);
  return tally.received > 0 ? 0 : 1;
};

/** Busybox asks for the socket when it has the address. */
async function forbidden(process: Process, host: string): Promise<number> {
  const address = parseIpv4(host) === undefined ? (await addressesOf(process, host))[0]?.ip : host;
  if (address === undefined) return fail(process, `ping: bad address '${host}'`);
  await print(process, `PING ${host} (${address}): 56 data bytes`);
  return fail(process, "ping: permission denied (are you root?)");
}

/** Source: iputils ping_common.c, finish. */
async function summary(
  process: Process,
  host: string,
  { sent, received, errors, timesMs, tookUs, pipe }: Tally,
): Promise<void> {
  const lost = sent === 0 ? 0 : Math.round(((sent - received) / sent) * 100);
  const least = Math.min(...timesMs);
  const most = Math.max(...timesMs);
  const mean = timesMs.reduce((sum, one) => sum + one, 0) / Math.max(1, timesMs.length);
  const lines = isBusybox(process)
    ? [`${sent} packets transmitted, ${received} packets received, ${lost}% packet loss`]
    : [
        `${sent} packets transmitted, ${received} received, ${errors > 0 ? `+${errors} errors, ` : ""}${lost}% packet loss, time ${Math.round(tookUs / 1_000)}ms`,
      ];
  if (received > 0 && isBusybox(process))
    lines.push(
      `round-trip min/avg/max = ${least.toFixed(3)}/${mean.toFixed(3)}/${most.toFixed(3)} ms`,
    );
  else if (received > 0) {
    const deviation = Math.sqrt(
      Math.max(0, timesMs.reduce((sum, one) => sum + one * one, 0) / timesMs.length - mean * mean),
    );
    lines.push(
      `rtt min/avg/max/mdev = ${[least, mean, most, deviation].map((ms) => ms.toFixed(3)).join("/")} ms`,
    );
  }
  if (received === 0 && !isBusybox(process)) lines.push(pipe > 1 ? `pipe ${pipe}` : "");
  await print(process, `\n--- ${host} ping statistics ---\n${lines.join("\n")}`);
}
