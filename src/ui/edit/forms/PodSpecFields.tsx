import { CheckField, NumberField, SelectField, TextField } from "../fields";
import { useValue } from "../form-context";
import type { Path } from "../manifest";
import { Rows } from "../Rows";

const PROTOCOLS = [
  ["", "TCP"],
  ["UDP", "UDP"],
] as const;

/** What is inside a pod; `path` leads to its spec. Further containers stay as they are. */
export function PodSpecFields({ path }: { readonly path: Path }) {
  const container = [...path, "containers", 0] as const;
  const ports = useValue([...container, "ports"]);
  const first = Array.isArray(ports) ? (ports[0] as { containerPort?: unknown }) : undefined;
  const probed = useValue([...container, "readinessProbe"]) !== undefined;
  const port = first?.containerPort ?? 80;
  return (
    <>
      <div className="form-grid">
        <TextField label="Container name" path={[...container, "name"]} />
        <TextField
          label="Image"
          path={[...container, "image"]}
          hint="An image that nobody knows here serves the ports that it declares."
        />
      </div>
      <Rows
        title="Container ports"
        one="Port"
        path={[...container, "ports"]}
        fresh={(count) => ({ containerPort: count === 0 ? 80 : 8080 + count })}
      >
        {(row) => (
          <>
            <NumberField label="Number" path={[...row, "containerPort"]} />
            <TextField label="Port name" path={[...row, "name"]} placeholder="http" />
            <SelectField label="Protocol" path={[...row, "protocol"]} options={PROTOCOLS} />
          </>
        )}
      </Rows>
      <CheckField
        label="Readiness probe"
        path={[...container, "readinessProbe"]}
        on={{ httpGet: { path: "/", port }, periodSeconds: 5 }}
      />
      {probed && (
        <div className="form-grid">
          <TextField
            label="Probe path"
            path={[...container, "readinessProbe", "httpGet", "path"]}
          />
          <NumberField
            label="Probe port"
            path={[...container, "readinessProbe", "httpGet", "port"]}
          />
          <NumberField label="Every (s)" path={[...container, "readinessProbe", "periodSeconds"]} />
        </div>
      )}
    </>
  );
}
