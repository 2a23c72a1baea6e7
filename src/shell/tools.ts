import { completeKubectl } from "./kubectl/complete";
import { kubectl } from "./kubectl/kubectl";
import { brctl } from "./linux/bridge/brctl";
import { bridge } from "./linux/bridge/bridge";
import { nc } from "./linux/connect/nc";
import { ping } from "./linux/connect/ping";
import { traceroute } from "./linux/connect/traceroute";
import { conntrack } from "./linux/conntrack";
import { dig } from "./linux/dns/dig";
import { getent } from "./linux/dns/getent";
import { host } from "./linux/dns/host";
import { nslookup } from "./linux/dns/nslookup";
import { ethtool } from "./linux/ethtool";
import { hostname } from "./linux/hostname";
import { curl } from "./linux/http/curl";
import { gnuWget } from "./linux/http/gnu-wget";
import { python } from "./linux/http/python";
import { busyboxWget } from "./linux/http/wget";
import { ifconfig } from "./linux/ifconfig";
import { ip } from "./linux/ip";
import { nsenter } from "./linux/ip-netns";
import { ipset } from "./linux/ipset";
import { ip6tables, ip6tablesSave } from "./linux/iptables/ip6tables";
import { iptables } from "./linux/iptables/iptables";
import { iptablesRestore, iptablesSave } from "./linux/iptables/save-restore";
import { crictl } from "./linux/machine/crictl";
import { lsof } from "./linux/machine/lsof";
import { kill, ps } from "./linux/machine/processes";
import { netstat, ss } from "./linux/machine/sockets";
import { sysctl } from "./linux/machine/sysctl";
import { arp, route } from "./linux/net-tools";
import { tcpdump } from "./linux/tcpdump/tcpdump";
import type { Program, Tool, Userland } from "./process";
import { id, sudo } from "./system/become";
import { cp, ls, mkdir, mv, rm, rmdir, touch } from "./system/files";
import { shell, ssh } from "./system/shells";
import * as small from "./system/small";
import { date, sleep, timeout, watch } from "./system/time";
import { uname } from "./system/uname";
import { awk } from "./text/awk";
import { grep } from "./text/grep";
import { head, tail } from "./text/head-tail";
import { column, cut, nl, sort, tac, uniq, wc } from "./text/lines";
import { sed } from "./text/sed";
import { cat, tee, tr, xargs } from "./text/streams";

const EVERYWHERE: readonly Userland[] = ["laptop", "node", "host", "alpine", "debian", "toolbox"];
const MACHINES: readonly Userland[] = ["laptop", "node", "host"];

/** Places in the modelled network that have tools for it: Debian images have not. */
const NETWORKED: readonly Userland[] = ["node", "host", "alpine", "toolbox"];

function tools(
  programs: Readonly<Record<string, Program>>,
  userlands: readonly Userland[] = EVERYWHERE,
): readonly Tool[] {
  return Object.entries(programs).map(([name, run]) => ({ name, run, userlands }));
}

/** Every program there is. A name may come twice, for different places. */
export const TOOLS: readonly Tool[] = [
  ...tools({
    cat,
    cp,
    cut,
    date,
    grep,
    egrep: grep,
    fgrep: grep,
    head,
    ls,
    mkdir,
    mv,
    nl,
    rm,
    rmdir,
  }),
  ...tools({ sleep, sort, tac, tail, tee, timeout, touch, sed, awk, tr, uniq, watch, wc, xargs }),
  ...tools({
    basename: small.basename,
    clear: small.clear,
    dirname: small.dirname,
    echo: small.echo,
    env: small.env,
    false: small.failing,
    printenv: small.printenv,
    printf: small.printf,
    seq: small.seq,
    true: small.succeed,
    which: small.which,
    whoami: small.whoami,
  }),
  ...tools({ sh: shell }),
  ...tools({ ash: shell }, ["alpine"]),
  ...tools({ bash: shell }, ["laptop", "node", "host", "debian", "toolbox"]),
  ...tools({ ssh, column }, MACHINES),
  ...tools({ hostname, uname }),
  ...tools({ arp, ifconfig, ip, nc, nslookup, ping, route, traceroute }, NETWORKED),
  ...tools({ less: cat, more: cat, id }),
  ...tools({ getent }, ["node", "host", "alpine", "debian", "toolbox"]),
  ...tools({ sudo }, ["node", "host"]),
  // Debian's bash has it built in.
  ...tools({ kill }, [...NETWORKED, "debian"]),
  ...tools({ netstat, ps, sysctl }, NETWORKED),
  ...tools({ python, python3: python }, ["node", "host", "toolbox"]),
  ...tools({ ethtool, lsof, ss, tcpdump }, ["node", "host", "toolbox"]),
  ...tools({ bridge, brctl }, ["node", "alpine", "toolbox"]),
  ...tools({ dig, host }, ["node", "host", "toolbox"]),
  ...tools({ curl }, ["laptop", "node", "host", "debian", "toolbox"]),
  ...tools({ wget: busyboxWget }, ["alpine"]),
  ...tools({ wget: gnuWget }, ["laptop", "node", "host", "toolbox"]),
  ...tools(
    {
      conntrack,
      crictl,
      ip6tables,
      "ip6tables-save": ip6tablesSave,
      ipset,
      iptables,
      nsenter,
      "iptables-restore": iptablesRestore,
      "iptables-save": iptablesSave,
    },
    ["node"],
  ),
  { name: "kubectl", run: kubectl, userlands: ["laptop"], complete: completeKubectl },
];
