/** Nodes, namespaces, events, and our own kinds. Our own words. */
export const CLUSTER = `
v1.Namespace  A part of the cluster for names: objects in different namespaces may have the same name.
v1.NamespaceSpec  What holds for a namespace.
  finalizers  Names of those who have something to do before it may go.
v1.NamespaceStatus  Whether a namespace is there to stay.
  phase  Active or Terminating.

v1.Node  A machine that runs pods.
v1.NodeSpec  What holds for a machine.
  podCIDR  The addresses of the pods on it.
  podCIDRs  The addresses of the pods on it, one range of a family.
  providerID  The machine's name in its cloud.
  unschedulable  Whether it takes no new pods: kubectl cordon.
  taints  What keeps pods away that do not tolerate it.
  configSource  Not used any more.
  externalID  Not used any more.

v1.Taint  Keeps pods away from a node.
  key!  Its name.
  value  Its value.
  effect!  NoSchedule: no new pods. PreferNoSchedule: rather not. NoExecute: those that are there leave, too.
  timeAdded  When a NoExecute taint came.

v1.NodeStatus  What a node's kubelet says of it.
  addresses  Its addresses.
  conditions  Ready, and whatever else holds.

v1.NodeAddress  An address of a node.
  type!  InternalIP, ExternalIP or Hostname.
  address!  The address.

v1.NodeCondition  Something that holds for a node, or does not.
  type!  What it is about: Ready.
  status!  True, False or Unknown.
  reason  Why, in one word.
  message  Why, for people.
  lastTransitionTime  When it last became other than it was.

v1.Event  Something that happened to an object, as some component tells it.
  involvedObject!  The object.
  type  Normal or Warning.
  reason  What happened, in one word.
  message  What happened, for people.
  source  Who tells it.
  count  How often it happened.
  firstTimestamp  When it first happened.
  lastTimestamp  When it last happened.

v1.EventSource  Who tells an event.
  component  A component: kubelet.
  host  The node it runs on.

v1alpha1.Host  A machine that is not of the cluster. This kind is kubehop's own.
v1alpha1.HostSpec  Where a machine is, and what it serves.
  zone  internet or vpc.
  ip  Its address.
  hostnames  Its names in DNS.
  listens  The ports it serves.
  publicIP  Its address on the internet, for a machine of the VPC.
  podNetwork  Whether it has the routes to pods that nodes have.

v1alpha1.HostListen  A port that a machine serves.
  protocol  TCP or UDP.
  port  The port's number.

v1alpha1.SecurityGroup  What may reach machines of the cloud. This kind is kubehop's own.
v1alpha1.SecurityGroupSpec  Which machines, and what may reach them.
  description  What it is for.
  attachedTo  The machines it holds for.
  ingress  What may come in.
  egress  What may go out.

v1alpha1.SecurityGroupRule  What may pass.
  protocol  The protocol.
  fromPort  The first port.
  toPort  The last port.
  cidr  Addresses at the other end.
  sourceGroup  A security group at the other end.
  description  What it is for.
`;
