/** Lists from a replica that is behind: what a view may begin with that takes any revision. */
import type { CallName } from "../actors/call-name.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Store } from "../../store/store.ts";

const OPTIONS = ["", "5 behind", "20 behind", "from the beginning"] as const;

/**
 * The revision a list is answered from; undefined: the newest. Never one from before the run, since
 * no replica is older than the cluster.
 */
export function staleList(
  kernel: Kernel,
  store: Store,
): (call: CallName, about: string) => number | undefined {
  const beginning = store.status().revision;
  return (_call, about) => {
    const { revision } = store.status();
    if (revision <= beginning) return undefined;
    const option = kernel.choices.choose("list", about, OPTIONS);
    if (option === "") return undefined;
    const behind = option === "5 behind" ? 5 : 20;
    const wanted = option === "from the beginning" ? beginning : revision - behind;
    return Math.max(beginning, wanted);
  };
}
