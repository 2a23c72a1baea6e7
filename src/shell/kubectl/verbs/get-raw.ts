import { KubectlFailure } from "../failure";
import { formatJson } from "../output/yaml";
import { SERVER_VERSION } from "../present";
import type { Kubectl } from "../verb";

/** `get --raw PATH`, as far as it says nothing that other commands do not say better. */
export async function getRaw(kubectl: Kubectl, path: string): Promise<number> {
  switch (path) {
    case "/healthz":
    case "/livez":
    case "/readyz":
      await kubectl.write("ok");
      return 0;
    case "/version": {
      const version = { gitVersion: SERVER_VERSION, major: "1", minor: "32" };
      await kubectl.write(formatJson({ ...version, platform: "linux/amd64" }, 2));
      return 0;
    }
    default:
      await kubectl.hint("other paths are not modelled here: kubectl get TYPE NAME -o json");
      throw new KubectlFailure(
        "Error from server (NotFound): the server could not find the requested resource",
      );
  }
}
