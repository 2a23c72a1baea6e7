import { toggleChecks, useChecks } from "../../stores/checks";
import { openDialog } from "../../stores/view";
import type { Action } from "./action";

const group = "Traffic";

export const showChecks: Action = {
  id: "checks.show",
  group,
  label: () =>
    useChecks.getState().shown
      ? "Hide probes and health checks"
      : "Show probes and health checks as dots",
  also: "readiness liveness kubelet load balancer canvas",
  run: toggleChecks,
};

export const openLags: Action = {
  id: "dialog.lags",
  group,
  label: "Lags …",
  also: "delay watch sync period endpointslice controller kube-proxy coredns health check interval slow",
  run: () => openDialog("lags"),
};

export const CHECK_ACTIONS: readonly Action[] = [showChecks, openLags];
