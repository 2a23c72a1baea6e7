/** Pods and what makes them. Our own words. */
export const PODS = `
v1.Pod  Containers that run together on one node and share one network: one IP address, one set of ports.

v1.PodSpec  What a pod runs, and where it may.
  containers!  Its containers. There is at least one, and the list does not change.
  initContainers  Containers that run one after the other, to their end, before the others begin.
  restartPolicy  Whether containers that end are started again: Always, OnFailure or Never.
  terminationGracePeriodSeconds  Seconds from SIGTERM to SIGKILL when the pod is deleted; 30 where nothing is said.
  dnsPolicy  Whom it asks for names: ClusterFirst, ClusterFirstWithHostNet, Default (as its node) or None.
  nodeSelector  Labels that a node must have for the pod to go there.
  nodeName  The node it runs on. The scheduler fills it in; whoever does so first leaves the scheduler out.
  hostNetwork  Whether it uses its node's network instead of one of its own.
  hostname  Its host name; its own name where nothing is said.
  subdomain  With hostname, its DNS name below a headless Service of this name.
  readinessGates  Further conditions that must hold before the pod counts as ready.
  tolerations  Taints of nodes that do not keep it away.

v1.PodTemplateSpec  What pods are made from.
  metadata  Labels and annotations of the pods.
  spec  What the pods run.

v1.Container  A program with files of its own, started from an image.
  name!  Its name, unlike any other container's of the pod.
  image  The image it starts from.
  command  What is run instead of the image's entrypoint.
  args  Arguments, instead of those of the image.
  ports  Ports that it serves. They tell people and give names to ports; nothing is closed that is not listed.
  env  Environment variables.
  readinessProbe  Asked again and again: while it fails, Services send the pod nothing.
  livenessProbe  Asked again and again: when it fails, the container is started anew.
  startupProbe  Asked first; until it has passed, the other probes wait.
  lifecycle  What to do when the container has started, and before it is stopped.

v1.ContainerPort  A port that a container serves.
  name  A name that Services can use for it.
  hostPort  The same port of the node, which then leads to it.
  containerPort!  The port's number inside the pod.
  protocol  TCP, UDP or SCTP.
  hostIP  The node's address that hostPort is for.

v1.EnvVar  An environment variable.
  name!  Its name.
  value  Its value. $(OTHER) stands for variables that come before.

v1.Probe  How the kubelet asks a container whether it is well.
  httpGet  An HTTP request; answers from 200 to 399 are good.
  tcpSocket  A TCP connection; that it opens is good.
  grpc  A gRPC health check.
  exec  A command in the container; exit code 0 is good.
  initialDelaySeconds  Seconds from the container's start to the first time.
  periodSeconds  Seconds from one time to the next; 10 where nothing is said.
  timeoutSeconds  Seconds to wait for an answer; 1 where nothing is said.
  successThreshold  How many good answers in a row make it good again.
  failureThreshold  How many bad answers in a row make it bad.

v1.HTTPGetAction  An HTTP request of the kubelet.
  path  The path.
  port!  The port, by number or by a container port's name.
  host  The address; the pod's own where nothing is said.
  scheme  HTTP or HTTPS.

v1.TCPSocketAction  A TCP connection of the kubelet.
  port!  The port, by number or by a container port's name.
  host  The address; the pod's own where nothing is said.

v1.GRPCAction  A gRPC health check of the kubelet.
  port!  The port's number.
  service  The name of the service to ask about.

v1.ExecAction  A command in the container, without a shell.
  command  The program and its arguments.

v1.Lifecycle  What to do at turns of a container's life.
  preStop  Done before SIGTERM is sent; the grace period is running already.

v1.LifecycleHandler  What to do.
  exec  Runs a command in the container.
  sleep  Waits.

v1.SleepAction  Waits.
  seconds!  How long.

v1.PodReadinessGate  A condition that must hold for the pod to be ready.
  conditionType!  The condition's type, which somebody sets in the status.

v1.Toleration  Taints that do not keep the pod away.
  key  The taint's key; with Exists and no key, every taint.
  operator  Equal or Exists.
  value  The taint's value, for Equal.
  effect  The taint's effect; all of them where nothing is said.
  tolerationSeconds  How long the pod stays after a NoExecute taint has come.

v1.PodStatus  What has become of a pod.
  phase  Pending, Running, Succeeded, Failed or Unknown.
  podIP  Its IP address.
  podIPs  Its IP addresses, one of a family.
  hostIP  Its node's address.
  startTime  When the kubelet took it on.
  reason  Why it is in this state, in one word: Evicted.
  message  Why it is in this state, for people.
  conditions  PodScheduled, Initialized, ContainersReady, Ready: which of them hold.
  containerStatuses  What each container is doing.

v1.PodIP  An address of the pod.
  ip!  The address.

v1.PodCondition  Something that holds for the pod, or does not.
  type!  What it is about.
  status!  True, False or Unknown.
  reason  Why, in one word.
  message  Why, for people.
  lastTransitionTime  When it last became other than it was.

v1.ContainerStatus  What a container is doing.
  name!  The container's name.
  image!  Its image.
  ready!  Whether its readiness probe passes.
  started  Whether it has started, and its startup probe has passed.
  restartCount!  How often it was started again.
  state  Waiting, running or terminated.

v1.ContainerState  One of three.
  waiting  It does not run yet, or not again.
  running  It runs.
  terminated  It has ended.

v1.ContainerStateWaiting  A container that does not run yet.
  reason  Why: ContainerCreating, CrashLoopBackOff.
  message  Why, for people.

v1.ContainerStateRunning  A container that runs.
  startedAt  Since when.

v1.ContainerStateTerminated  A container that has ended.
  reason  Why: Completed, Error.
  exitCode!  Its exit code.

v1.Deployment  Keeps a number of equal pods, and replaces them step by step when their template changes.
v1.DeploymentSpec  How many pods, of which kind, and how to go from old to new ones.
  selector!  The pods that are its own. The template's labels must match; it never changes.
  template!  What its pods are made from.
  minReadySeconds  How long a pod must be ready before it counts as available.
  replicas  How many pods; 1 where nothing is said.
  strategy  How old pods are replaced by new ones.
  revisionHistoryLimit  How many old ReplicaSets are kept to go back to.
  paused  While true, changes of the template wait.
  progressDeadlineSeconds  After so many seconds without progress the rollout counts as failed.

v1.DeploymentStrategy  How old pods are replaced by new ones.
  type  RollingUpdate, a few at a time, or Recreate, all at once with nothing in between.
  rollingUpdate  How many at a time.

v1.RollingUpdateDeployment  How far a rolling update may be from the wanted number.
  maxSurge  How many pods more, as a number or in percent.
  maxUnavailable  How many available pods fewer, as a number or in percent.

v1.DeploymentStatus  How far a Deployment is.
  observedGeneration  The generation that the controller has seen.
  replicas  Pods that there are.
  updatedReplicas  Pods of the present template.
  readyReplicas  Pods that are ready.
  availableReplicas  Pods that have been ready for long enough.
  unavailableReplicas  Pods that are still missing.

v1.ReplicaSet  Keeps a number of equal pods. A Deployment makes one for each template.
v1.ReplicaSetSpec  How many pods, of which kind.
  selector!  The pods that are its own.
  template  What its pods are made from.
  minReadySeconds  How long a pod must be ready before it counts as available.
  replicas  How many pods; 1 where nothing is said.

v1.ReplicaSetStatus  How far a ReplicaSet is.
  observedGeneration  The generation that the controller has seen.
  replicas!  Pods that there are.
  readyReplicas  Pods that are ready.
  availableReplicas  Pods that have been ready for long enough.

v1.DaemonSet  Keeps one pod on every node that fits.
v1.DaemonSetSpec  Which pods.
  selector!  The pods that are its own.
  template!  What its pods are made from.
  minReadySeconds  How long a pod must be ready before it counts as available.
  updateStrategy  How old pods are replaced by new ones.
  revisionHistoryLimit  How many old templates are kept.

v1.DaemonSetUpdateStrategy  How old pods are replaced by new ones.
  type  RollingUpdate, or OnDelete: when somebody deletes them.
  rollingUpdate  How many nodes at a time.

v1.DaemonSetStatus  How far a DaemonSet is.
  observedGeneration  The generation that the controller has seen.
  desiredNumberScheduled!  Nodes that should have a pod.
  currentNumberScheduled!  Nodes that should, and have one.
  numberReady!  Nodes whose pod is ready.
`;
