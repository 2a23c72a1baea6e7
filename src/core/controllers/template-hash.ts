import type { PodTemplate } from "../api/types";
import { hash32 } from "../sim/random";

export const TEMPLATE_HASH_LABEL = "pod-template-hash";

/** Decimal digits to letters that spell no words. Source: apimachinery/pkg/util/rand, SafeEncodeString. */
const SAFE_DIGITS = "456789bcdf";

const cache = new WeakMap<PodTemplate, string>();

/** The name of a pod template's content, without the hash label itself.
 *  Simplified: the hash is taken over our JSON, so it differs from a real cluster's for the same template. */
export function templateHash(template: PodTemplate): string {
  const known = cache.get(template);
  if (known !== undefined) return known;
  const { [TEMPLATE_HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
  const plain = { ...template, metadata: { ...template.metadata, labels } };
  const decimal = String(hash32(canonicalJson(plain)));
  const hash = [...decimal].map((digit) => SAFE_DIGITS[Number(digit)]).join("");
  cache.set(template, hash);
  return hash;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** JSON with sorted keys; null, {} and absent are the same: kubectl sends `resources: {}`, as Go writes it. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined && field !== null && !isEmptyObject(field))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(",")}}`;
}
