import { expect, test } from "vitest";
import type { ContainerPort } from "../api/types";
import { servedPorts } from "./images";

const udp: ContainerPort = { containerPort: 5000, protocol: "UDP" };
const tcp: ContainerPort = { containerPort: 3000, protocol: "TCP" };

test.each([
  { image: "gcr.io/kuar-demo/kuard-amd64:blue", ports: [], serves: "tcp/8080/http" },
  { image: "kuard@sha256:0123", ports: [tcp], serves: "tcp/8080/http tcp/3000/http" },
  { image: "localhost:5000/nginx", ports: [], serves: "tcp/80/http" },
  { image: "nginx:1.27", ports: [{ ...tcp, containerPort: 80 }], serves: "tcp/80/http" },
  {
    image: "registry.k8s.io/coredns/coredns:v1.11.3",
    ports: [],
    serves: "udp/53/dns tcp/53/dns tcp/9153/http tcp/8080/http tcp/8181/http",
  },
  { image: "registry.k8s.io/kube-proxy:v1.32.4", ports: [], serves: "tcp/10256/healthz" },
  { image: "registry.k8s.io/pause:3.10", ports: [], serves: "" },
  { image: "example/anything", ports: [tcp, udp], serves: "tcp/3000/http udp/5000/echo" },
  { image: "busybox", ports: [], serves: "" },
])("$image with $ports serves $serves", ({ image, ports, serves }) => {
  const served = servedPorts({ name: "c", image, ports });
  expect(served.map((one) => `${one.protocol}/${one.port}/${one.program}`).join(" ")).toBe(serves);
});
