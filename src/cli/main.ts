import { check } from "./check";
import { dump } from "./dump";
import { paths } from "./paths";
import { sh } from "./sh";
import { trace } from "./trace";
import { UserError } from "./user-error";

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => number | Promise<number>>> = {
  check,
  dump,
  paths,
  sh,
  trace,
};

const USAGE = `kubehop: a Kubernetes network that you can see

usage: npm run --silent kubehop -- COMMAND …

  check FILE…                          validate as the API server would
  dump FILE --out DIR                  settle the cluster; write topology.json and each node's rules, routes, addresses
  paths FILE --from SRC --to DST       every way the request could go, with its exact probability
        [--json] [--flows FLOWS.json] [--rules NODE=FILE]…
  trace FILE --from SRC --to DST       sampled connections, hop by hop
        [--seed N] [--count N] [--follow first|request|response|all] [--json]
        [--rules NODE=FILE]…           load what iptables-save printed into a node; its kube-proxy is stopped
        [--pcap FILE [--interface any|"node-1 eth0"]]  whole streams, or what interfaces saw, for Wireshark
        [--pcap DIR/]                  a capture for each interface
  sh FILE [--on PLACE] -c COMMAND …     the terminal without a screen; commands on stdin where there is no -c
        [--no-settle] [--json]

PLACE  laptop (kubectl, ssh)  pod/NS/NAME[/CONTAINER]  node/NAME  host/NAME
SRC  pod/NS/NAME  deploy/NS/NAME  node/NAME  host/NAME
DST  IP:PORT[/udp]  NAME:PORT  svc/NS/NAME:PORT  endpoints/NS/NAME:PORT  pod/NS/NAME:PORT  nodeport/NODE/NS/NAME:PORT  lb/NS/NAME:PORT
`;

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined) throw new UserError(`which command?\n\n${USAGE.trimEnd()}`);
  if (name === "help" || argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(USAGE);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new UserError(`unknown command "${name}"\n\n${USAGE.trimEnd()}`);
  return command(args);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}
