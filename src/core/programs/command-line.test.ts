import { expect, test } from "vitest";
import type { Container } from "../api/types";
import { formatIpv4 } from "../net/ipv4";
import { servedPorts } from "./images";

const KUARD = "gcr.io/kuar-demo/kuard-amd64:blue";

const served = (container: Omit<Container, "name">) =>
  servedPorts({ name: "c", ...container })
    .map(({ ip, port }) => `${ip === undefined ? "*" : formatIpv4(ip)}:${port}`)
    .join(" ");

test.each([
  { image: KUARD, args: ["--address=:9090"], serves: "*:9090" },
  { image: KUARD, args: ["--address", "0.0.0.0:9090"], serves: "*:9090" },
  { image: KUARD, args: ["--address=127.0.0.1:9090"], serves: "127.0.0.1:9090" },
  { image: KUARD, args: ["--debug"], serves: "*:8080" },
  { image: KUARD, args: ["--address=:99999"], serves: "*:8080" },
  { image: "hashicorp/http-echo", args: ["-listen=:5679", "-text=hello"], serves: "*:5679" },
  { image: "traefik/whoami", args: ["--port", "81"], serves: "*:81" },
  { image: "nginx", args: ["--address=:9090"], serves: "*:80" },
  { image: "python:3.12", command: ["python"], args: ["-m", "http.server"], serves: "*:8000" },
  {
    image: "python:3.12",
    command: ["python3", "-u", "-m", "http.server", "9000"],
    serves: "*:9000",
  },
  {
    image: "python:3.12",
    command: ["python3", "-m", "http.server", "--bind", "127.0.0.1", "9000"],
    serves: "127.0.0.1:9000",
  },
  {
    image: "debian",
    command: ["sh", "-c", "python -m SimpleHTTPServer 7000"],
    serves: "*:7000",
  },
  { image: "python:3.12", command: ["python3", "app.py"], serves: "" },
])("$image $command $args serves $serves", ({ serves, ...container }) => {
  expect(served(container)).toBe(serves);
});

test("$(NAME) stands for a variable of the container, $$ for a dollar", () => {
  const env = [{ name: "PORT0", value: "31001" }];
  expect(served({ image: KUARD, env, args: ["--address=:$(PORT0)"] })).toBe("*:31001");
  expect(served({ image: KUARD, env, args: ["--address=:$(PORT1)"] })).toBe("*:8080");
  expect(served({ image: KUARD, env, args: ["--address=:$$(PORT0)"] })).toBe("*:8080");
});
