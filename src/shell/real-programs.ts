import type { Userland } from "./process";

/** Programs that such a machine could well have, and that are not modelled: their absence is ours to admit. */
const REAL: Readonly<Record<string, readonly Userland[]>> = (() => {
  const everywhere: readonly Userland[] = ["laptop", "node", "host", "debian", "alpine", "toolbox"];
  const machines: readonly Userland[] = ["laptop", "node", "host"];
  const names: Record<string, readonly Userland[]> = {};
  for (const name of "chgrp chmod chown df diff du find free mount nano nproc openssl passwd stat strace su tar top umount uptime vi w who xxd".split(
    " ",
  ))
    names[name] = everywhere;
  for (const name of "apt apt-get aws ctr docker man emacs helm jq make nano nft nmap perl rsync scp ssh-keygen systemctl journalctl tmux vim yq".split(
    " ",
  ))
    names[name] = machines;
  for (const name of "fping ipvsadm iperf iperf3 mtr nft nmap ngrep socat telnet tracepath tshark".split(
    " ",
  ))
    names[name] = ["node", "host", "toolbox"];
  return names;
})();

export function isRealProgram(name: string, userland: Userland): boolean {
  return (Object.hasOwn(REAL, name) && REAL[name]?.includes(userland)) || false;
}
