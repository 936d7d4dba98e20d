/** What a schema cannot say: the API server asks before it stores a Database. */
import {
  admission,
  type AdmissionContext,
  type AdmissionWebhook,
  type Problem,
} from "setpoint/controller-runtime";
import {
  compareQuantities,
  dns1035LabelProblem,
  isStatus,
  parseQuantity,
} from "setpoint/machinery";
import { Backup, Database } from "./kinds.ts";
import { archiveOf } from "./parts.ts";
import { refusalOf } from "./upgrade.ts";

/** Names of backups and jobs are made of it, and a label has 63 letters. */
const NAME_LENGTH_MAX = 40;

export const databaseWebhook: AdmissionWebhook = admission(Database, {
  operations: ["CREATE", "UPDATE", "DELETE"],

  /** From now on it is written down, and fixed: where backups are must not hang on the code. */
  default: (database, { key }) =>
    key.name === ""
      ? database
      : { ...database, spec: { ...database.spec, archive: archiveOf(database) } },

  async validate(database, ctx) {
    switch (ctx.operation) {
      case "CREATE":
        return [...problemsOfName(ctx.key.name), ...(await problemsOfRestore(database, ctx))];
      case "UPDATE":
        return ctx.old === undefined ? [] : problemsOfChange(database, ctx.old);
      case "DELETE":
        if (database.spec.deletionPolicy === "Delete") {
          ctx.warn(`all data of Database ${ctx.key.name} is deleted, and no backup is made`);
        }
        return [];
    }
  },

  permissions: [{ apiGroups: [Backup.group], resources: [Backup.resource], verbs: ["get"] }],
});

function problemsOfName(name: string): readonly Problem[] {
  if (name === "") return []; // the server makes one up
  const problem =
    name.length > NAME_LENGTH_MAX
      ? `must be no more than ${NAME_LENGTH_MAX} characters`
      : dns1035LabelProblem(name);
  return problem === undefined ? [] : [{ field: "metadata.name", value: name, detail: problem }];
}

async function problemsOfRestore(
  { spec }: Database,
  ctx: AdmissionContext<Database>,
): Promise<readonly Problem[]> {
  const { restoreFrom, version } = spec;
  if (restoreFrom === undefined) return [];
  const refuse = (detail: string): readonly Problem[] => [
    { field: "spec.restoreFrom", value: restoreFrom, detail },
  ];
  try {
    const key = { namespace: ctx.key.namespace, name: restoreFrom };
    const { version: of } = (await ctx.client.get(Backup, key, ctx)).status ?? {};
    if (of === undefined) ctx.warn(`backup ${restoreFrom} is not complete: it is waited for`);
    return of === undefined || of === version ? [] : refuse(`is of version ${of}`);
  } catch (error) {
    if (isStatus(error, "NotFound")) return refuse("there is no such Backup");
    throw error;
  }
}

function problemsOfChange({ spec }: Database, old: Database): readonly Problem[] {
  const problems: Problem[] = [];
  for (const field of ["archive", "restoreFrom"] as const) {
    if (old.spec[field] === undefined || old.spec[field] === spec[field]) continue;
    problems.push({ field: `spec.${field}`, value: spec[field], detail: "cannot be changed" });
  }
  const refusal = refusalOfVersion(spec.version, old);
  if (refusal !== undefined) {
    problems.push({ field: "spec.version", value: spec.version, detail: refusal });
  }
  const size = parseQuantity(spec.storage);
  const before = parseQuantity(old.spec.storage);
  if (size === undefined) {
    problems.push({ field: "spec.storage", value: spec.storage, detail: "is not a quantity" });
  } else if (before !== undefined && compareQuantities(size, before) < 0) {
    problems.push({ field: "spec.storage", value: spec.storage, detail: "can only grow" });
  }
  return problems;
}

function refusalOfVersion(asked: number, { spec, status }: Database): string | undefined {
  if (asked === spec.version) return undefined;
  const { upgrade } = status ?? {};
  if (upgrade?.step === "Converting") return `the volume is being converted to ${upgrade.to}`;
  return refusalOf(status?.version ?? spec.version, asked);
}
