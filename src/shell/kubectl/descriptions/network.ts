/** Services, endpoints and ways in. Our own words. */
export const NETWORK = `
v1.Service  One address and name for a changing set of pods. Nothing runs behind the address: every node's rules rewrite it.

v1.ServiceSpec  Which pods, under which address, reachable from where.
  ports  Its ports.
  selector  Labels of the pods that it leads to. Without one, somebody else writes its EndpointSlices.
  clusterIP  Its address inside the cluster, given by the server. None makes it headless: its name leads to the pods themselves.
  clusterIPs  Its addresses inside the cluster, one of a family.
  type  ClusterIP: inside the cluster. NodePort: a port of every node beside. LoadBalancer: a cloud's load balancer beside. ExternalName: another name in DNS, and nothing else.
  externalIPs  Further addresses that nodes take for this Service's, where the network leads them there.
  sessionAffinity  ClientIP: a client's connections go to the same pod. None: each may go elsewhere.
  loadBalancerIP  The address that the load balancer should have; few clouds heed it.
  loadBalancerSourceRanges  Clients that may use the load balancer, as CIDRs; all where nothing is said.
  externalName  The name that an ExternalName Service stands for.
  externalTrafficPolicy  For what comes from outside. Cluster: any node passes it on to any pod, and hides its source. Local: a node takes only its own pods, and keeps the source.
  healthCheckNodePort  With Local, the port at which nodes tell load balancers whether they have pods.
  publishNotReadyAddresses  Whether pods that are not ready count, too.
  sessionAffinityConfig  How long a client stays with its pod.
  ipFamilies  IPv4, IPv6, or both in order.
  ipFamilyPolicy  SingleStack, PreferDualStack or RequireDualStack.
  allocateLoadBalancerNodePorts  Whether a LoadBalancer gets node ports as well.
  loadBalancerClass  Which kind of load balancer; the cloud's own where nothing is said.
  internalTrafficPolicy  For what comes from inside. Cluster: any pod. Local: only pods on the client's node.
  trafficDistribution  PreferClose: pods in the client's zone, where there are enough.

v1.ServicePort  A port of a Service.
  name  Its name. With several ports each must have one.
  protocol  TCP, UDP or SCTP; TCP where nothing is said.
  appProtocol  What is spoken on it, for those who care.
  port!  The port at the Service's address.
  targetPort  The pods' port, by number or by a container port's name; the same as port where nothing is said.
  nodePort  The port of every node, from 30000 to 32767.

v1.SessionAffinityConfig  How session affinity works.
  clientIP  For affinity by the client's address.

v1.ClientIPConfig  Affinity by the client's address.
  timeoutSeconds  Seconds without a connection after which a client may go elsewhere; 10800 where nothing is said.

v1.ServiceStatus  What became of a Service.
  loadBalancer  Its load balancer, once there is one.
  conditions  What holds for it.

v1.LoadBalancerStatus  A load balancer.
  ingress  Where it is reached.

v1.LoadBalancerIngress  An address of a load balancer.
  ip  Its IP address.
  hostname  Its name, where it has no lasting address.
  ipMode  VIP: it leaves its own address in the packets, so nodes take them themselves. Proxy: it does not.

v1.EndpointSlice  Some of the endpoints behind a Service: addresses, ports, and how they are. Nodes make rules from these.
  addressType!  IPv4, IPv6 or FQDN.
  endpoints!  The endpoints, at most 1000.
  ports  The ports that all of them serve.

v1.Endpoint  One address behind a Service.
  addresses!  The address. Nobody looks at more than the first.
  conditions  Whether it is ready, serves, is going.
  hostname  Its name below a headless Service.
  targetRef  The pod behind it.
  deprecatedTopology  Not used any more.
  nodeName  The node it is on.
  zone  The zone it is in.
  hints  Who should use it.

v1.EndpointConditions  How an endpoint is.
  ready  Whether it should be sent anything new. Pods that are going are not ready.
  serving  As ready, but also while it is going.
  terminating  Whether its pod is going.

v1.EndpointHints  Who should use an endpoint.
  forZones  Clients in these zones.
  forNodes  Clients on these nodes.

v1.Hint  A zone or a node.
  name!  Its name.

v1.EndpointPort  A port of endpoints.
  name  The Service port's name.
  protocol  TCP, UDP or SCTP.
  port  Its number.
  appProtocol  What is spoken on it.

v1.Endpoints  The older form of EndpointSlices: one object for all endpoints of a Service.
  subsets  Addresses with the ports that they share.

v1.EndpointSubset  Addresses that share their ports.
  addresses  Those that are ready.
  notReadyAddresses  Those that are not.
  ports  Their ports.

v1.EndpointAddress  An address behind a Service.
  ip!  The address.
  hostname  Its name below a headless Service.
  nodeName  The node it is on.
  targetRef  The pod behind it.

v1.Ingress  Rules by host and path that lead HTTP requests to Services. An ingress controller's proxy carries them out.
v1.IngressSpec  Which requests go where.
  ingressClassName  Which controller is meant.
  defaultBackend  Where requests go that no rule takes.
  tls  Which hosts are served with which certificate.
  rules  Where requests go, by host.

v1.IngressBackend  Where requests go.
  service  A Service.
  resource  Some other object.

v1.IngressServiceBackend  A port of a Service.
  name!  The Service.
  port  Its port.

v1.ServiceBackendPort  A port, by name or by number.
  name  Its name.
  number  Its number.

v1.TypedLocalObjectReference  An object of the same namespace.
  apiGroup  Its API group.
  kind!  Its kind.
  name!  Its name.

v1.IngressTLS  A certificate for hosts.
  hosts  The hosts.
  secretName  The Secret that has the certificate.

v1.IngressRule  What to do with requests for one host.
  host  The host; *.example.com stands for one label. All hosts where nothing is said.
  http  Where they go, by path.

v1.HTTPIngressRuleValue  Where requests go, by path.
  paths!  The paths.

v1.HTTPIngressPath  What to do with requests for one path.
  path  The path.
  pathType!  Exact, Prefix (by whole parts between slashes) or ImplementationSpecific.
  backend!  Where they go.

v1.IngressStatus  What became of an Ingress.
  loadBalancer  Where it is reached.

v1.IngressLoadBalancerStatus  Where an Ingress is reached.
  ingress  Its addresses.

v1.IngressLoadBalancerIngress  An address.
  ip  An IP address.
  hostname  A name.
  ports  Its ports.
`;
