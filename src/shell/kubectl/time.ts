import { SECOND } from "../../core/sim/time";

/** Seconds from 1970 to virtual time 0, 2026-01-01. */
const EPOCH_SECONDS = 1_767_225_600;

/** RFC 3339 in UTC to virtual microseconds; undefined for anything else. */
export function parseTimestamp(text: string | undefined): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?Z$/.exec(text ?? "");
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map(Number);
  const seconds = (daysFromCivil(year, month, day) * 24 + hour) * 3_600 + minute * 60 + second;
  return (seconds - EPOCH_SECONDS) * SECOND;
}

/** Days from 1970-01-01. Source: H. Hinnant, chrono-compatible date algorithms. */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

const DAYS = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `Sun, 22 Nov 2026 10:06:43 +0000`, as `describe` writes times. */
export function formatLongTime(timestamp: string): string {
  const atUs = parseTimestamp(timestamp);
  const match = /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(timestamp);
  if (atUs === undefined || !match) return timestamp;
  const [, year = "", month = "", day = "", clock = ""] = match;
  const days = Math.floor((atUs / SECOND + EPOCH_SECONDS) / 86_400);
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
