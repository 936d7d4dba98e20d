/** A server of this program with the users that the recorded one knew. */
import { createControlPlane, type ControlPlane } from "../../src/control-plane/control-plane.ts";
import type { Target } from "./replay.ts";

const USERS = [
  { token: "the-admin-token", name: "admin", uid: "1", groups: ["system:masters"] },
  { token: "the-token-of-alice", name: "alice", uid: "2", groups: ["devs"] },
];

/** Their tokens, by name. */
export const TOKENS: Readonly<Record<string, string>> = Object.fromEntries(
  USERS.map(({ name, token }) => [name, token]),
);

/** Without controllers, as when it was recorded. */
export async function startRecordedServer(): Promise<{
  readonly plane: ControlPlane;
  readonly target: Target;
}> {
  const plane = await createControlPlane({ hasControllers: false, serve: { tokens: USERS } });
  const { url, authorityPem } = plane.serving();
  return { plane, target: { url, ca: authorityPem, tokens: TOKENS } };
}
