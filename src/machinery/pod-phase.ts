/** Whether a pod's life is behind it. */

/** The shape of a `Pod` in core/v1, as far as it is looked at here. */
export type PodPhase = { readonly status: { readonly phase?: string } };

/** Whether the pod has run to its end: it will not run again, and takes no room any more. */
export function hasEnded({ status: { phase } }: PodPhase): boolean {
  return phase === "Succeeded" || phase === "Failed";
}
