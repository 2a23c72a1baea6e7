import type { Match, Rule, RuleTarget } from "../dataplane/netfilter/rules";
import { formatOrigin, type ServiceRole } from "./origin";
import type { ProxiedPort } from "./service-ports";

/** A rule that a service port is the reason for. */
export function serviceRule(
  port: ProxiedPort,
  role: ServiceRole,
  matches: readonly Match[],
  target: RuleTarget | undefined,
  about: { readonly comment?: string | undefined; readonly endpoint?: string } = {},
): Rule {
  const { service, portName, protocol } = port;
  return {
    matches,
    ...(target && { target }),
    ...(about.comment !== undefined && { comment: about.comment }),
    origin: formatOrigin({
      by: "service",
      service,
      port: portName,
      protocol,
      role,
      ...(about.endpoint !== undefined && { endpoint: about.endpoint }),
    }),
  };
}
