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
  return `${(probability * 100).toFixed(1)} %`;
}

/** `Pod default/kuard-x` of `Pod/default/kuard-x`. */
export function keyText(key: string): string {
  return key.replace("/", " ");
}
