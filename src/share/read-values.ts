/** What a link may hold: nobody checked it before. */
export const MAX_NAME_CHARACTERS = 1_000;
/** A day of virtual time. */
const MAX_TIME_US = 86_400_000_000;
const MAX_COORDINATE = 1_000_000;
const MAX_INDEX = 1_000_000;

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isText(value: unknown, limit: number): value is string {
  return typeof value === "string" && value.length <= limit;
}

export function isName(value: unknown): value is string {
  return isText(value, MAX_NAME_CHARACTERS);
}

export function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** On the canvas. */
export function isCoordinate(value: unknown): value is number {
  return isFiniteNumber(value) && Math.abs(value) < MAX_COORDINATE;
}

/** Virtual microseconds. */
export function isTime(value: unknown): value is number {
  return isWhole(value) && value >= 0 && value <= MAX_TIME_US;
}

/** -1 stands for none. */
export function isIndex(value: unknown): value is number {
  return isWhole(value) && value >= -1 && value < MAX_INDEX;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
