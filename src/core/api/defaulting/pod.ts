import type { Container, ContainerPort, PodSpec, PodTemplate, Probe } from "../types";

/** Source: SetDefaults_PodSpec and its like in core/v1/defaults.go.
 *  Simplified: only defaults that the network, the scheduler or the kubelet here look at. */
export function defaultPodSpec(given: Partial<PodSpec> | undefined): PodSpec {
  const hostNetwork = given?.hostNetwork === true;
  const containers = (list: readonly Partial<Container>[]) =>
    list.map((container) => defaultContainer(container, hostNetwork));
  return {
    ...given,
    ...(given?.initContainers && { initContainers: containers(given.initContainers) }),
    containers: containers(given?.containers ?? []),
    restartPolicy: given?.restartPolicy || "Always",
    terminationGracePeriodSeconds: given?.terminationGracePeriodSeconds ?? 30,
    dnsPolicy: given?.dnsPolicy || "ClusterFirst",
  };
}

export function defaultPodTemplate(given: Partial<PodTemplate> | undefined): PodTemplate {
  return { ...given, spec: defaultPodSpec(given?.spec) };
}

function defaultContainer(given: Partial<Container>, hostNetwork: boolean): Container {
  const { ports, readinessProbe, livenessProbe, startupProbe } = given;
  return {
    ...given,
    name: given.name ?? "",
    image: given.image ?? "",
    ...(ports && { ports: ports.map((port) => defaultContainerPort(port, hostNetwork)) }),
    ...(readinessProbe && { readinessProbe: defaultProbe(readinessProbe) }),
    ...(livenessProbe && { livenessProbe: defaultProbe(livenessProbe) }),
    ...(startupProbe && { startupProbe: defaultProbe(startupProbe) }),
  };
}

/** On the host's network a container port is a host port. */
function defaultContainerPort(given: Partial<ContainerPort>, hostNetwork: boolean): ContainerPort {
  const containerPort = given.containerPort ?? 0;
  const hostPort = given.hostPort || (hostNetwork ? containerPort : 0);
  return {
    ...given,
    containerPort,
    protocol: given.protocol || "TCP",
    ...(hostPort !== 0 && { hostPort }),
  };
}

const HTTP_GET_DEFAULTS = { scheme: "HTTP" };

function defaultProbe(given: Probe): Probe {
  return {
    ...given,
    ...(given.httpGet && {
      httpGet: { ...HTTP_GET_DEFAULTS, ...given.httpGet, path: given.httpGet.path || "/" },
    }),
    periodSeconds: given.periodSeconds || 10,
    timeoutSeconds: given.timeoutSeconds || 1,
    successThreshold: given.successThreshold || 1,
    failureThreshold: given.failureThreshold || 3,
  };
}
