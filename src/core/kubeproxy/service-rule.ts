import type { Match, Rule, RuleTarget } from "../dataplane/netfilter/rules";
import { formatServiceOrigin, type ServiceRole } from "./origin";
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
  const { comment, endpoint } = about;
  const origin = formatServiceOrigin(service, portName, protocol, role, endpoint);
  if (!target) return comment === undefined ? { matches, origin } : { matches, comment, origin };
  return comment === undefined ? { matches, target, origin } : { matches, target, comment, origin };
}
