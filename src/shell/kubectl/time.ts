import { parseTimestamp, SECOND } from "../../core/sim/time";

/** Days from 1970-01-01, a Thursday, to virtual time 0, 2026-01-01. */
const EPOCH_DAYS = 20_454;

const DAYS = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `Sun, 22 Nov 2026 10:06:43 +0000`, as `describe` writes times. */
export function formatLongTime(timestamp: string): string {
  const atUs = parseTimestamp(timestamp);
  const match = /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(timestamp);
  if (atUs === undefined || !match) return timestamp;
  const [, year = "", month = "", day = "", clock = ""] = match;
  const days = Math.floor(atUs / SECOND / 86_400) + EPOCH_DAYS;
  const weekday = DAYS[((days % 7) + 7) % 7];
  return `${weekday}, ${day} ${MONTHS[Number(month) - 1]} ${year} ${clock} +0000`;
}

/** How long ago, as in AGE. Source: apimachinery/pkg/util/duration, HumanDuration. */
export function formatAge(timestamp: string | undefined, nowUs: number): string {
  const atUs = parseTimestamp(timestamp);
  return atUs === undefined ? "<unknown>" : formatDuration(nowUs - atUs);
}

export function formatDuration(us: number): string {
  const seconds = Math.trunc(us / SECOND);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return two(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return two(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 192) return two(days, "d", hours % 24, "h");
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.trunc(days / 365);
  if (hours < 24 * 365 * 8) return two(years, "y", days % 365, "d");
  return `${years}y`;
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}
