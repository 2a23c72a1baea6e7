/** Who wrote a rule, as kubeproxy/origin reads it: `cni|flannel|masquerade`, `cni|portmap|host-port|default/web`. */
export function cniOrigin(plugin: string, role: string, pod?: { namespace: string; name: string }) {
  const text = `cni|${plugin}|${role}`;
  return pod ? `${text}|${pod.namespace}/${pod.name}` : text;
}
