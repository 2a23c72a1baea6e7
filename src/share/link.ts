import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { deflateSync, Inflate, strFromU8, strToU8 } from "fflate";
import { fromBase64Url, toBase64Url } from "./base64url";
import { readMoment } from "./read-moment";
import type { SharedMoment } from "./shared-moment";

/** The fragment is `#<version>.<payload>`. Every version that was ever published is still read. */
export const LINK_VERSION = 1;

/** A fragment longer than this is not even decoded. */
const MAX_FRAGMENT_CHARACTERS = 400_000;
/** What a fragment may unpack to: a scenario file's limit, twice. */
const MAX_UNPACKED_BYTES = 4_000_000;
const CHUNK_BYTES = 4_096;

export type LinkProblem = "broken" | "too-new" | "too-large";

export type DecodedLink =
  | {
      readonly ok: true;
      readonly moment: SharedMoment;
      /** The link only names the built-in scenario, and that was another one then. */
      readonly builtInChanged: boolean;
    }
  | { readonly ok: false; readonly problem: LinkProblem };

/** A moment as plain JSON, the content of a link file too. A built-in scenario is named by its fingerprint instead of
 *  being carried along. */
export function packMoment(moment: SharedMoment, builtIn: string): object {
  const { run } = moment;
  if (run.scenario !== builtIn) return moment;
  return { ...moment, run: { log: run.log, atUs: run.atUs }, builtIn: fingerprint(builtIn) };
}

/** What packMoment made, or what anybody says it made. */
export function unpackMoment(value: unknown, builtIn: string): DecodedLink {
  const moment = readMoment(value, builtIn);
  if (!moment) return { ok: false, problem: "broken" };
  const named = (value as { builtIn?: unknown }).builtIn;
  return {
    ok: true,
    moment,
    builtInChanged: named !== undefined && named !== fingerprint(builtIn),
  };
}

/** A moment as a URL's fragment, without the `#`. */
export function encodeLink(moment: SharedMoment, builtIn: string): string {
  const bytes = deflateSync(strToU8(JSON.stringify(packMoment(moment, builtIn))), { level: 9 });
  return `${LINK_VERSION}.${toBase64Url(bytes)}`;
}

/** Reads a fragment that anybody may have made. `builtIn` stands in where the link carries no scenario. */
export function decodeLink(fragment: string, builtIn: string): DecodedLink {
  if (fragment.length > MAX_FRAGMENT_CHARACTERS) return { ok: false, problem: "too-large" };
  const match = /^#?(\d{1,4})\.([\w-]*)$/.exec(fragment);
  if (!match) return { ok: false, problem: "broken" };
  if (Number(match[1]) > LINK_VERSION) return { ok: false, problem: "too-new" };
  const bytes = fromBase64Url(match[2] ?? "");
  const unpacked = bytes && inflate(bytes);
  if (unpacked === "too-large") return { ok: false, problem: "too-large" };
  if (!unpacked) return { ok: false, problem: "broken" };
  return unpackMoment(parseJson(strFromU8(unpacked)), builtIn);
}

function fingerprint(text: string): string {
  return bytesToHex(sha256(strToU8(text))).slice(0, 8);
}

/** Unpacks piece by piece, so that a small link cannot become a huge one. */
function inflate(bytes: Uint8Array): Uint8Array | "too-large" | undefined {
  const parts: Uint8Array[] = [];
  let size = 0;
  let finished = false;
  const stream = new Inflate((part, final) => {
    size += part.length;
    finished ||= final;
    parts.push(part);
  });
  try {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      stream.push(bytes.subarray(at, at + CHUNK_BYTES), at + CHUNK_BYTES >= bytes.length);
      if (size > MAX_UNPACKED_BYTES) return "too-large";
    }
  } catch {
    return undefined;
  }
  if (!finished) return undefined;
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
