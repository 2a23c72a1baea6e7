import { fail, type Process } from "../../process";

export const VERSION = "iptables v1.8.9 (nf_tables)";

/** What libiptc and the kernel say, not the command line's parser. Source: iptables nft.c, nft_strerror. */
const KERNEL =
  /^(?:No chain\/target\/match|Index of |Bad rule |Chain already exists|Bad built-in chain|Bad policy name)/;

/** Words and exit code for a rule that was refused. */
export function kernelExit(
  process: Process,
  message: string,
  words: readonly string[],
): Promise<number> {
  if (message === "Bad policy name.")
    return fail(process, `iptables: ${message} Run \`dmesg' for more information.`);
  if (KERNEL.test(message)) return fail(process, `iptables: ${message}`);
  if (/^(?:Directory not empty|Too many links)/.test(message))
    return fail(
      process,
      `${VERSION}:  CHAIN_DEL failed (Device or resource busy): chain ${words[1] ?? ""}`,
      4,
    );
  if (/^(?:RULE|CHAIN)_\w+ failed/.test(message))
    return fail(process, `${VERSION}:  ${message}`, 4);
  return fail(
    process,
    `${VERSION}: ${message}${message.startsWith("Couldn't load") ? "\n" : ""}\nTry \`iptables -h' or 'iptables --help' for more information.`,
    2,
  );
}
