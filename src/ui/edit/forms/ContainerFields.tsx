import { NumberField, SelectField, TextField } from "../fields";
import { useValue } from "../form-context";
import { isJson, type Path } from "../manifest";
import { Rows } from "../Rows";
import { Section } from "../Section";
import { ProbeFields } from "./ProbeFields";
import { PROTOCOLS } from "./protocols";

const PROBES = [
  ["Readiness", "readinessProbe"],
  ["Liveness", "livenessProbe"],
  ["Startup", "startupProbe"],
] as const;

/** One container: what runs, on which ports it listens, and how its kubelet asks after it. */
export function ContainerFields({ path }: { readonly path: Path }) {
  const ports = usePorts([...path, "ports"]);
  const port = ports.find(({ number }) => number !== undefined)?.number ?? 80;
  const portNames = ports.flatMap(({ name }) => name ?? []);
  return (
    <>
      <div className="form-grid">
        <TextField label="Container name" path={[...path, "name"]} />
        <TextField
          label="Image"
          path={[...path, "image"]}
          hint="An image that nobody knows here serves the ports that it declares."
        />
      </div>
      <Rows
        title="Container ports"
        one="Port"
        path={[...path, "ports"]}
        fresh={(count) => ({ containerPort: count === 0 ? 80 : 8080 + count })}
      >
        {(row) => (
          <>
            <NumberField label="Number" path={[...row, "containerPort"]} />
            <TextField label="Port name" path={[...row, "name"]} placeholder="http" />
            <SelectField label="Protocol" path={[...row, "protocol"]} options={PROTOCOLS} />
            <NumberField label="hostPort" path={[...row, "hostPort"]} placeholder="none" />
          </>
        )}
      </Rows>
      <Section title="Probes" paths={PROBES.map(([, field]) => [...path, field])}>
        {PROBES.map(([title, field]) => (
          <ProbeFields
            key={field}
            title={title}
            path={[...path, field]}
            port={port}
            portNames={portNames}
          />
        ))}
      </Section>
    </>
  );
}

interface DeclaredPort {
  readonly number: number | undefined;
  readonly name: string | undefined;
}

function usePorts(path: Path): readonly DeclaredPort[] {
  const ports = useValue(path);
  if (!Array.isArray(ports)) return [];
  return (ports as readonly unknown[]).filter(isJson).map(({ containerPort, name }) => ({
    number: typeof containerPort === "number" ? containerPort : undefined,
    name: typeof name === "string" ? name : undefined,
  }));
}
