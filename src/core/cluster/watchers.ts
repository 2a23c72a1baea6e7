import type { StoreChange } from "../api/store";
import { keyOf } from "../api/types";
import type { ControlContext } from "../controllers/context";
import type { PodWatches, WatchEvent } from "../controllers/pod-watches";
import { dnsWatches } from "../dns/watch";
import { publishStatus } from "../gateway/status";
import { gatewayWatches } from "../gateway/watch";
import { ControlState, handleEvent, isControlEvent, onStoreChange } from "../kubelet/control";
import type { SimEvent } from "../sim/event-queue";
import { endpointClients } from "./endpoint-clients";
import { isProxyEvent, ProxySupervisor } from "./proxy-supervisor";

/** Everybody who watches the API server, and what each knows: controllers and kubelets, kube-proxies, DNS servers,
 *  gateways, and clients that use endpoints themselves. */
export class Watchers {
  readonly control: ControlState;
  readonly proxies: ProxySupervisor;
  readonly dns: PodWatches;
  readonly gateways: PodWatches;
  readonly endpointClients: PodWatches;

  constructor(from?: Watchers) {
    this.control = from ? from.control.fork() : new ControlState();
    const { controllers } = this.control;
    this.proxies = from ? from.proxies.fork(controllers) : new ProxySupervisor(controllers);
    this.dns = from ? from.dns.fork() : dnsWatches();
    this.gateways = from ? from.gateways.fork() : gatewayWatches();
    this.endpointClients = from ? from.endpointClients.fork() : endpointClients();
  }

  fork(): Watchers {
    return new Watchers(this);
  }

  /** They note what is dirty, and schedule what they have to do about it. */
  onStoreChange(context: ControlContext, change: StoreChange): void {
    onStoreChange(context, this.control, change);
    this.proxies.onStoreChange(context, change);
    this.dns.onStoreChange(context, change);
    this.gateways.onStoreChange(context, change);
    this.endpointClients.onStoreChange(context, change);
  }

  /** Does what is due now. */
  handle(context: ControlContext, event: SimEvent): void {
    if (isProxyEvent(event)) this.proxies.handle(context, event);
    else if (this.dns.isOwn(event)) this.#tellDns(context, event);
    else if (this.gateways.isOwn(event)) this.#tellGateway(context, event);
    else if (this.endpointClients.isOwn(event)) this.endpointClients.handle(context, event);
    else if (isControlEvent(event)) handleEvent(context, this.control, event);
    else throw new Error(`nobody handles ${event.type}`);
  }

  #tellDns(context: ControlContext, event: WatchEvent): void {
    this.dns.handle(context, event);
    const [, namespace = "", name = ""] = event.server.split("/");
    context.mark({ kind: "dnsHeard", object: keyOf("Pod", namespace, name) });
  }

  #tellGateway(context: ControlContext, event: WatchEvent): void {
    this.gateways.handle(context, event);
    const view = this.gateways.viewOf(event.server, context.store);
    publishStatus(context, event.server, view);
  }
}
