import type { CniCall } from "../../worker/pod-network-protocol";

/** One run of a plugin: what it was given, what it printed, what is different after it. */
export function CniRun({ call }: { readonly call: CniCall }) {
  const { plugin, command, failed, did, env, stdin, stdout, calls } = call;
  const device = env.find(([name]) => name === "CNI_IFNAME")?.[1];
  return (
    <li className={failed ? "cni-run cni-failed" : "cni-run"}>
      <div className="cni-run-title">
        <span className="badge">{command}</span> <strong>{plugin}</strong>{" "}
        <span className="muted">{device}</span>
        {failed && <span className="badge bad">✕ failed</span>}
      </div>
      {did.length > 0 && (
        <ul className="cni-did">
          {did.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {failed && <p className="cni-error">{String(stdout?.msg ?? "")}</p>}
      {calls.length > 0 && <CniRuns label={`Plugins that ${plugin} calls`} calls={calls} />}
      <details>
        <summary>Environment</summary>
        <pre>{env.map(([name, value]) => `${name}=${value}`).join("\n")}</pre>
      </details>
      <details>
        <summary>stdin: its configuration</summary>
        <pre>{JSON.stringify(stdin, null, 2)}</pre>
      </details>
      {stdout && (
        <details>
          <summary>stdout: {failed ? "its error" : "its result"}</summary>
          <pre>{JSON.stringify(stdout, null, 2)}</pre>
        </details>
      )}
    </li>
  );
}

/** Runs in their order, each with what it did. */
export function CniRuns({ label, calls }: { label: string; calls: readonly CniCall[] }) {
  return (
    <ol className="cni-runs" aria-label={label}>
      {calls.map((call) => (
        <CniRun key={`${call.plugin} ${call.command} ${JSON.stringify(call.env)}`} call={call} />
      ))}
    </ol>
  );
}
