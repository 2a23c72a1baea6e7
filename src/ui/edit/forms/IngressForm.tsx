import { objectsOf, useMirror } from "../../../stores/mirror";
import { NumberField, SelectField, TextField } from "../fields";
import { useValue } from "../form-context";
import type { Path } from "../manifest";
import { Rows } from "../Rows";
import { Section } from "../Section";
import { MetaFields } from "./meta";

const PATH_TYPES = [
  ["Prefix", "Prefix"],
  ["Exact", "Exact"],
  ["ImplementationSpecific", "ImplementationSpecific"],
] as const;

const CLASSES = [{ value: "nginx" }, { value: "istio" }, { value: "envoy" }];

/** Which host and path lead to which Service. */
export function IngressForm() {
  return (
    <>
      <MetaFields namespaced />
      <div className="form-grid">
        <TextField
          label="ingressClassName"
          path={["spec", "ingressClassName"]}
          placeholder="any gateway"
          choices={CLASSES}
        />
      </div>
      <Rows title="Rules" one="Rule" path={["spec", "rules"]} fresh={freshRule} isDeep>
        {(rule) => (
          <>
            <TextField label="Host" path={[...rule, "host"]} placeholder="any host" />
            <Rows title="Paths" one="Path" path={[...rule, "http", "paths"]} fresh={freshPath}>
              {(path) => (
                <>
                  <TextField label="Path" path={[...path, "path"]} placeholder="/" />
                  <SelectField label="pathType" path={[...path, "pathType"]} options={PATH_TYPES} />
                  <BackendFields path={[...path, "backend"]} />
                </>
              )}
            </Rows>
          </>
        )}
      </Rows>
      <Section title="Default backend" paths={[["spec", "defaultBackend"]]}>
        <div className="form-grid">
          <BackendFields path={["spec", "defaultBackend"]} />
        </div>
      </Section>
    </>
  );
}

function BackendFields({ path }: { readonly path: Path }) {
  const namespace = String(useValue(["metadata", "namespace"]) ?? "default");
  const services = useMirror((state) => objectsOf(state.records, "Service"));
  const own = services.filter(({ metadata }) => metadata.namespace === namespace);
  const name = useValue([...path, "service", "name"]);
  const ports = own.find(({ metadata }) => metadata.name === name)?.spec.ports ?? [];
  return (
    <>
      <TextField
        label="Service"
        path={[...path, "service", "name"]}
        placeholder="none"
        choices={own.map(({ metadata }) => ({ value: metadata.name }))}
      />
      <NumberField
        label="Service port"
        path={[...path, "service", "port", "number"]}
        choices={ports.map(({ port, name: label = "" }) => ({ value: String(port), label }))}
      />
      <TextField
        label="or its name"
        path={[...path, "service", "port", "name"]}
        placeholder="none"
      />
    </>
  );
}

function freshRule(): unknown {
  return { http: { paths: [freshPath()] } };
}

function freshPath(): unknown {
  return { path: "/", pathType: "Prefix", backend: { service: { port: { number: 80 } } } };
}
