import { NumberField, NumberOrTextField, SelectField, TextField, WordsField } from "../fields";
import { useForm, useValue } from "../form-context";
import { formatPath, isJson, type Json, type Path } from "../manifest";

const HANDLERS = [
  ["", "none"],
  ["httpGet", "HTTP GET"],
  ["tcpSocket", "TCP socket"],
  ["grpc", "gRPC"],
  ["exec", "command"],
] as const;

type Handler = "httpGet" | "tcpSocket" | "grpc" | "exec";

interface ProbeFieldsProps {
  /** `Readiness` */
  readonly title: string;
  readonly path: Path;
  /** Of its container: what a probe most likely asks. */
  readonly port: number;
  readonly portNames: readonly string[];
}

/** How a kubelet finds out whether a container is ready, alive or started. */
export function ProbeFields({ title, path, port, portNames }: ProbeFieldsProps) {
  const { set } = useForm();
  const probe = useValue(path);
  const handler = handlerOf(probe);
  const choices = portNames.map((value) => ({ value }));
  return (
    <fieldset className="form-row" name={formatPath(path)}>
      <legend>{title} probe</legend>
      <div className="form-grid">
        <SelectField
          label={`${title} probe`}
          path={path}
          options={HANDLERS}
          isOuter
          value={handler}
          onChange={(next) => set(path, withHandler(probe, next as Handler | "", port))}
        />
        {handler === "httpGet" && (
          <TextField label="Probe path" path={[...path, handler, "path"]} placeholder="/" />
        )}
        {(handler === "httpGet" || handler === "tcpSocket") && (
          <NumberOrTextField
            label="Probe port"
            path={[...path, handler, "port"]}
            choices={choices}
          />
        )}
        {handler === "grpc" && <NumberField label="Probe port" path={[...path, handler, "port"]} />}
        {handler === "exec" && (
          <WordsField
            label="Command"
            path={[...path, handler, "command"]}
            placeholder="cat /ready"
          />
        )}
      </div>
      {handler !== "" && (
        <div className="form-grid">
          <NumberField label="Every (s)" path={[...path, "periodSeconds"]} placeholder="10" />
          <NumberField
            label="First after (s)"
            path={[...path, "initialDelaySeconds"]}
            placeholder="0"
          />
          <NumberField label="Timeout (s)" path={[...path, "timeoutSeconds"]} placeholder="1" />
          <NumberField
            label="Failures until it fails"
            path={[...path, "failureThreshold"]}
            placeholder="3"
          />
          <NumberField
            label="Successes until it passes"
            path={[...path, "successThreshold"]}
            placeholder="1"
          />
        </div>
      )}
    </fieldset>
  );
}

function handlerOf(probe: unknown): Handler | "" {
  const found = HANDLERS.find(([handler]) => handler !== "" && isJson(probe) && handler in probe);
  return found?.[0] ?? "";
}

/** Another way to ask; how often and how long stays. */
function withHandler(probe: unknown, handler: Handler | "", port: number): Json | undefined {
  if (handler === "") return undefined;
  const kept = Object.entries(isJson(probe) ? probe : {}).filter(
    ([key]) => !HANDLERS.some(([one]) => one === key),
  );
  return { [handler]: START[handler](port), ...Object.fromEntries(kept) };
}

const START: Readonly<Record<Handler, (port: number) => Json>> = {
  httpGet: (port) => ({ path: "/", port }),
  tcpSocket: (port) => ({ port }),
  grpc: (port) => ({ port }),
  exec: () => ({ command: ["cat", "/ready"] }),
};
