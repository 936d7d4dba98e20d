/** The flag that says which addresses services have. */
import { UserError } from "../user-error.ts";

/** `nodes`: how many there will be on this machine, each listening on the addresses of services. */
export function serviceRange(text: string | undefined, nodes: number): string | undefined {
  if (text === undefined) return undefined;
  const [, first = "", bits = ""] = /^(\d{1,3})(?:\.\d{1,3}){3}\/(\d{1,2})$/.exec(text) ?? [];
  if (!(Number(bits) >= 8 && Number(bits) <= 28)) {
    const problem = `--service-range ${text} is no IPv4 range from /8 to /28`;
    throw new UserError(problem, "An example: 127.97.0.0/16");
  }
  if (nodes > 0 && first !== "127") {
    throw new UserError(
      `--service-range ${text}: nodes of this machine listen on loopback addresses only`,
      "Take a range within 127.0.0.0/8, or start without nodes: --nodes 0",
    );
  }
  return text;
}
