/** The password: made up once, and kept whatever happens. */
import { randomBytes } from "node:crypto";
import { Secret } from "setpoint/client";
import { controllerReference } from "setpoint/machinery";
import { Database, type DatabaseContext } from "./kinds.ts";
import { labelsOf, secretName } from "./parts.ts";

/**
 * By `create`, which the server refuses if there is one already: an apply by a process whose view
 * is too old would replace it. What is there counts, whoever made it.
 */
export async function keepPassword(database: Database, ctx: DatabaseContext): Promise<Secret> {
  const { name: owner = "", namespace = "" } = database.metadata;
  const name = secretName(owner);
  const present = await ctx.get(Secret, name);
  if (present !== undefined) return present;
  if (database.status?.version !== undefined) {
    ctx.warn("PasswordReplaced", `Secret ${name} was lost: there is a new password`);
  }
  const password = randomBytes(18).toString("base64url");
  return ctx.client.create(
    Secret,
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name,
        namespace,
        labels: labelsOf(database),
        ownerReferences: [controllerReference(database, Database)],
      },
      data: { password: Buffer.from(password).toString("base64") },
    },
    ctx,
  );
}
