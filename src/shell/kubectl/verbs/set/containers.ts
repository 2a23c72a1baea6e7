import { fieldOf, isList, isObject, type JsonObject } from "../../../../core/api/json";

/** Containers and init containers of a pod spec by a pattern such as `*` or `web-*`. */
export function changeContainers(
  spec: JsonObject,
  pattern: string,
  change: (container: JsonObject) => JsonObject,
): { readonly spec: JsonObject; readonly matched: number } {
  let matched = 0;
  const changeAll = (list: unknown) =>
    isList(list)
      ? list.map((container) => {
          if (!isObject(container) || !matches(pattern, String(fieldOf(container, "name"))))
            return container;
          matched++;
          return change(container);
        })
      : list;
  const inits = fieldOf(spec, "initContainers");
  const changed = {
    ...spec,
    containers: changeAll(fieldOf(spec, "containers")),
    ...(inits !== undefined && { initContainers: changeAll(inits) }),
  };
  return { spec: changed, matched };
}

/** Source: kubectl/pkg/cmd/set/helper.go: `*` anywhere in the name. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}
