import { hint } from "../../hint";
import { type Program, print } from "../../process";
import { findNetns, nodeOf } from "../network";
import { portName } from "../services";
import { processOf } from "./processes";

/** `lsof -i`: sockets alone. Simplified: those that listen. */
export const lsof: Program = async (process) => {
  const netns = findNetns(process);
  const letters = process.args.filter((word) => /^-[a-zA-Z]+/.test(word)).join("");
  if (!netns || !letters.includes("i")) {
    await hint(process, "lsof shows sockets here: lsof -i");
    return 1;
  }
  const wanted = process.args
    .map((word) => /^(?:-[a-zA-Z]*i)?(tcp|udp|4)?(?::(\d+))?$/i.exec(word))
    .find((match) => match && (match[1] || match[2]));
  const protocol = wanted?.[1]?.toLowerCase();
  const rows = netns.listeners.filter(
    (one) =>
      (protocol === undefined || protocol === "4" || one.protocol === protocol) &&
      (wanted?.[2] === undefined || one.port === Number(wanted[2])),
  );
  if (rows.length === 0) return 1;
  const user = nodeOf(process) === undefined ? process.user : "root";
  await print(process, "COMMAND     PID USER   FD   TYPE DEVICE SIZE/OFF NODE NAME");
  for (const [index, one] of rows.entries()) {
    const { pid, name } = processOf(process, one);
    const end = `*:${portName(String(one.port), letters.includes("P"))}${one.protocol === "tcp" ? " (LISTEN)" : ""}`;
    await print(
      process,
      `${name.slice(0, 9).padEnd(9)} ${String(pid).padStart(5)} ${user.padEnd(4)}    3u  IPv4  ${20_000 + index}      0t0  ${one.protocol.toUpperCase()} ${end}`,
    );
  }
  return 0;
};
