/** Virtual time is counted in microseconds. */
export const MS = 1_000;
export const SECOND = 1_000_000;

/** `00:01.240`: minutes, seconds, milliseconds of virtual time. */
export function formatTime(atUs: number): string {
  const ms = Math.floor(atUs / MS);
  const pad = (value: number, width: number) => String(value).padStart(width, "0");
  return `${pad(Math.floor(ms / 60_000), 2)}:${pad(Math.floor(ms / 1_000) % 60, 2)}.${pad(ms % 1_000, 3)}`;
}

/** RFC 3339, as the API writes times. Virtual time 0 is 2026-01-01T00:00:00Z. Computed by hand: no Date in the core. */
export function formatTimestamp(atUs: number): string {
  const seconds = Math.floor(atUs / SECOND);
  if (seconds !== latest.seconds) latest = { seconds, text: formatSeconds(seconds) };
  return latest.text;
}

/** The same second is asked for again and again. */
let latest = { seconds: 0, text: "2026-01-01T00:00:00Z" };

function formatSeconds(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const [year, month, day] = civilFromDays(EPOCH_DAYS + days);
  const pad = (value: number) => String(value).padStart(2, "0");
  const rest = seconds % 86_400;
  return `${year}-${pad(month)}-${pad(day)}T${pad(Math.floor(rest / 3600))}:${pad(Math.floor(rest / 60) % 60)}:${pad(rest % 60)}Z`;
}

/** Days from 1970-01-01 to 2026-01-01. */
const EPOCH_DAYS = 20_454;

/** Proleptic Gregorian date of a day count from 1970-01-01. Source: H. Hinnant, chrono-compatible date algorithms. */
function civilFromDays(days: number): [number, number, number] {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day];
}

/** RFC 3339 in UTC to virtual microseconds; undefined for anything else. */
export function parseTimestamp(text: string | undefined): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?Z$/.exec(text ?? "");
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map(Number);
  const days = daysFromCivil(year, month, day) - EPOCH_DAYS;
  return ((days * 24 + hour) * 3_600 + minute * 60 + second) * SECOND;
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
