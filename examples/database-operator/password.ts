/** The password: made up once, and kept whatever happens. */
import { randomBytes } from "node:crypto";
import { Secret } from "setpoint/client";
import type { Database, DatabaseContext } from "./kinds.ts";
import { labelsOf, secretName } from "./parts.ts";

/**
 * By `create`, which leaves alone what is there: an apply by a process whose view is too old would
 * replace it. What is there counts, whoever made it.
 */
export async function keepPassword(database: Database, ctx: DatabaseContext): Promise<Secret> {
  const name = secretName(database.metadata.name ?? "");
  const isLost = database.status?.version !== undefined;
  if (isLost && (await ctx.get(Secret, name)) === undefined) {
    ctx.warn("PasswordReplaced", `Secret ${name} was lost: there is a new password`);
  }
  const password = randomBytes(18).toString("base64url");
  return ctx.create(Secret, {
    metadata: { name, labels: labelsOf(database) },
    data: { password: Buffer.from(password).toString("base64") },
  });
}
