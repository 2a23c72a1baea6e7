/** Whether a text is what “Save as a file” writes: JSON that says so. */
export function isMomentFile(text: string): boolean {
  return /^\s*\{\s*"kubehop"\s*:/.test(text);
}
