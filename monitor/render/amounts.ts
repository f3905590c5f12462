// How much CPU and memory a Pod is reckoned with. Container, quota and limit range must agree on these, and a quota that is
// a little too small shows only when a rollout hangs.

export interface Amounts {
  /** Thousandths of a core. */
  readonly cpuRequest: number;
  /** Mebibytes, as are the limits. */
  readonly memoryRequest: number;
  readonly memoryLimit: number;
}

/** What the service itself asks for. */
export const SERVICE_AMOUNTS: Amounts = { cpuRequest: 50, memoryRequest: 96, memoryLimit: 192 };

/**
 * What Istio gives a sidecar by default (`global.proxy.resources` of its chart). The Pods ask for it by annotations, so that
 * a mesh with other defaults cannot upset the quota.
 */
export const SIDECAR_AMOUNTS: Amounts = { cpuRequest: 100, memoryRequest: 128, memoryLimit: 1024 };

/**
 * "1050m", "2": as an API server writes it back. GitOps tools that compare texts would otherwise find drift where none is
 * (Kubernetes API reference, Quantity: the canonical form).
 */
export function cpuText(thousandths: number): string {
  return thousandths % 1000 === 0 ? String(thousandths / 1000) : `${thousandths}m`;
}

/** "1568Mi", "2Gi"; canonical likewise. */
export function memoryText(mebibytes: number): string {
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}
