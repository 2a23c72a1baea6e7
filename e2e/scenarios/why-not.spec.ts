import { expect, test } from "../fixtures";
import { repair, seeTheEnd, whyBox } from "../why";
import { openScenario, tryIt } from "./opened";

const REQUESTS = [
  {
    title: "Ask for the cart",
    code: "SelectorMatchesNothing",
    says: "selects app=crat, and no pod of namespace default has these labels",
    fix: "Select the pods of Deployment cart",
  },
  {
    title: "Ask for the web site",
    code: "WrongTargetPort",
    says: "listens on TCP 8080",
    fix: "Set targetPort to 8080",
  },
  {
    title: "Ask for the API",
    code: "TargetPortNameMissing",
    says: 'sends to the port named "web"',
    fix: "Set targetPort to http",
  },
  {
    title: "Ask for the search",
    code: "EndpointsNotReady",
    says: "asks port 9300, and it listens on TCP 9200",
    fix: "Let the readiness probe ask port 9200",
  },
  {
    title: "Ask for the database by its name",
    code: "DnsWrongNamespace",
    says: "data/db is elsewhere",
    fix: "Ask for db.data.svc.cluster.local",
  },
  {
    title: "Come in by node-1's nodePort",
    code: "ExternalTrafficPolicyLocal",
    says: "they are on node-2",
    fix: "Set externalTrafficPolicy to Cluster",
  },
  {
    title: "Come in by the load balancer",
    code: "LoadBalancerPending",
    says: "no cloud that makes load balancers",
    fix: "Ask node-2 at its nodePort",
  },
  {
    title: "Ask a node for the time",
    code: "NodePortOtherProtocol",
    says: "nodePort 30123 of Service default/clock is a UDP port",
    fix: "Ask over UDP",
  },
  {
    title: "Ask a pod from outside the cluster",
    code: "PodCidrNotRouted",
    says: "whose route table has no row for 10.244.2.0/24",
    fix: "Add 10.244.2.0/24 via node-2",
  },
];

for (const { title, code, says, fix } of REQUESTS)
  test(`${title}: ${code}, and its fix makes the request arrive`, async ({ page }) => {
    await fail(page, title);
    await expect(whyBox(page)).toContainText(code);
    await expect(whyBox(page)).toContainText(says);
    await repair(page, fix);
  });

test("a ping to a cluster IP: no rule is about it, and a fix would only be another question", async ({
  page,
}) => {
  await fail(page, "Ping the web site's cluster IP");
  await expect(whyBox(page)).toContainText("ClusterIpPinged");
  await expect(whyBox(page)).toContainText("ICMP has no ports");
  await whyBox(page).getByRole("button", { name: "Ask TCP port 80" }).click();
  await page.getByRole("button", { name: "Last hop" }).click();
  await expect(whyBox(page)).toContainText("WrongTargetPort");
});

async function fail(page: Parameters<typeof openScenario>[0], title: string): Promise<void> {
  // A lookup has hundreds of hops; a busy machine is slow, not wrong.
  test.setTimeout(180_000);
  await openScenario(page, "why-not");
  await tryIt(page, title);
  await seeTheEnd(page);
  await expect(whyBox(page)).toBeVisible();
}
