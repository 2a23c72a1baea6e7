import { pod } from "../../../testing/cluster";
import { deployment, edit, service, settled, WEB, type WhyCase } from "./why-case";

const CLIENT = pod("client", "node-1", "role: client", "");
const FROM = "pod/default/client";
const PORT = "ports: [{port: 80, targetPort: 8080}]";
const HEADLESS = `clusterIP: None, selector: ${WEB}, ports: [{port: 8080}]`;
const SHOP = "\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: shop}}";

const COREDNS = "Deployment/kube-system/coredns";

/** Of names. */
export const NAME_CASES: readonly WhyCase[] = [
  {
    code: "DnsNxdomain",
    with: "a typing mistake",
    yaml: CLIENT + deployment("web") + service("web", `selector: ${WEB}, ${PORT}`),
    from: FROM,
    to: "wbe:80",
    says: "Did you mean web?",
    fixes: 1,
  },
  {
    code: "DnsNxdomain",
    with: "a name that nobody has",
    yaml: CLIENT,
    from: FROM,
    to: "nowhere.example.org:80",
    fixes: 0,
  },
  {
    code: "DnsWrongNamespace",
    yaml:
      CLIENT +
      SHOP +
      pod("web-1", "node-2", "app: web").replace("metadata: {", "metadata: {namespace: shop, ") +
      service("web", `selector: ${WEB}, ${PORT}`, "shop"),
    from: FROM,
    to: "web:80",
    says: "shop/web is elsewhere",
    fixes: 1,
  },
  {
    code: "DnsNotTheClusters",
    yaml: CLIENT + deployment("web") + service("web", `selector: ${WEB}, ${PORT}`),
    from: "node/node-1",
    to: "web.default.svc.cluster.local:80",
    says: "asks 10.0.0.2",
    fixes: 1,
  },
  {
    code: "DnsNotTheClusters",
    with: "from the internet, where nothing is sent",
    yaml: deployment("web") + service("web", `selector: ${WEB}, ${PORT}`),
    from: "host/user",
    to: "web.default:80",
    fixes: 0,
  },
  {
    code: "EndpointsNotReady",
    with: "a headless Service",
    yaml: CLIENT + pod("web-1", "node-2", "app: web") + service("web", HEADLESS),
    breaks: settled(
      edit({ type: "setReadiness", namespace: "default", pod: "web-1", ready: false }),
    ),
    from: FROM,
    to: "web:8080",
    says: "is headless",
    fixes: 1,
  },
  {
    code: "ExternalNameUnknown",
    yaml: `${CLIENT}
---
{apiVersion: kubehop.dev/v1alpha1, kind: Host, metadata: {name: api}, spec: {zone: internet, ip: 198.51.100.30, hostnames: [api.example.com], listens: [{protocol: TCP, port: 80}]}}${service("api", "type: ExternalName, externalName: apii.example.com")}`,
    from: FROM,
    to: "api:80",
    says: "there is api.example.com",
    fixes: 1,
  },
  {
    code: "DnsNoData",
    yaml: CLIENT,
    from: FROM,
    to: "default.svc.cluster.local:80",
    fixes: 0,
  },
  {
    code: "DnsServfail",
    yaml: `${CLIENT}
---
{apiVersion: kubehop.dev/v1alpha1, kind: Host, metadata: {name: resolver}, spec: {zone: vpc, ip: 10.0.0.2}}`,
    from: FROM,
    to: "db.example.com:80",
    fixes: 0,
  },
  {
    code: "DnsRefused",
    with: "CoreDNS has no pods",
    yaml: CLIENT + deployment("web") + service("web", `selector: ${WEB}, ${PORT}`),
    breaks: settled(edit({ type: "patch", key: COREDNS, patch: { spec: { replicas: 0 } } })),
    from: FROM,
    to: "web:80",
    says: "replicas is 0",
    fixes: 1,
  },
  {
    code: "DnsTimeout",
    yaml: CLIENT + deployment("web") + service("web", `selector: ${WEB}, ${PORT}`),
    breaks: edit({
      type: "restoreRules",
      node: "node-1",
      text: "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -m udp --dport 53 -j DROP\nCOMMIT\n",
    }),
    from: FROM,
    to: "web:80",
    says: "gives no answer",
    fixes: 1,
  },
];
