/** The kinds: a Database is a server with a volume, a Backup is what was on it at one time. */
import {
  defineConditions,
  defineResource,
  type Conditions,
  type DefinedResource,
  type ObjectOf,
  type ReconcileContext,
} from "setpoint/controller-runtime";
import { z } from "zod";

export type DatabaseSpec = {
  readonly version: number;
  readonly storage: string;
  readonly archive?: string | undefined;
  readonly restoreFrom?: string | undefined;
  readonly backups: { readonly everyHours: number; readonly keep: number };
  readonly deletionPolicy: "Backup" | "Retain" | "Delete";
  readonly deletionMinutes: number;
};

/** A major upgrade that is under way. */
export type UpgradeStatus = {
  readonly to: number;
  /** The generation that asked for it: in the names of what is made for it. */
  readonly since: number;
  readonly step: "Stopping" | "BackingUp" | "Converting";
  readonly backup: string;
};

export type DatabaseStatus = {
  /** What the volume was written by. */
  readonly version?: number | undefined;
  readonly lastBackup?: string | undefined;
  readonly upgrade?: UpgradeStatus | undefined;
  /** Until when a deletion waits for its backup; after that the volume is kept. */
  readonly deletion?: { readonly deadline: string; readonly backup: string } | undefined;
};

export type DatabaseInput = Pick<DatabaseSpec, "version"> &
  Partial<Omit<DatabaseSpec, "backups">> & { readonly backups?: Partial<DatabaseSpec["backups"]> };

const ready = '.status.conditions[?(@.type=="Ready")]';

export const Database: DefinedResource<DatabaseSpec, DatabaseStatus, DatabaseInput> =
  defineResource({
    group: "databases.example.dev",
    version: "v1",
    kind: "Database",
    shortNames: ["db"],
    spec: z.object({
      version: z.int().min(14).max(99).describe("Major version. Upgrades go one at a time."),
      storage: z.string().default("1Gi").describe("Size of the volume. It can only grow."),
      archive: z.string().min(1).optional().describe("Where backups go. Default: by its name."),
      restoreFrom: z.string().optional().describe("A Backup that it begins with."),
      backups: z
        .object({
          everyHours: z.int().min(1).max(8_760).default(24),
          keep: z.int().min(1).max(1_000).default(7),
        })
        .default({ everyHours: 24, keep: 7 }),
      deletionPolicy: z
        .enum(["Backup", "Retain", "Delete"])
        .default("Backup")
        .describe("Before it goes: a last backup; or keep the volume; or lose all data."),
      deletionMinutes: z.int().min(1).max(10_080).default(60),
    }),
    status: z.object({
      version: z.int().optional(),
      lastBackup: z.string().optional(),
      upgrade: z
        .object({
          to: z.int(),
          since: z.int(),
          step: z.enum(["Stopping", "BackingUp", "Converting"]),
          backup: z.string(),
        })
        .optional(),
      deletion: z.object({ deadline: z.string(), backup: z.string() }).optional(),
    }),
    columns: [
      { name: "Version", type: "integer", jsonPath: ".status.version" },
      { name: "Ready", type: "string", jsonPath: `${ready}.status` },
      { name: "Reason", type: "string", jsonPath: `${ready}.reason` },
      { name: "Backup", type: "string", jsonPath: ".status.lastBackup" },
      { name: "Keeps", type: "string", jsonPath: ".spec.deletionPolicy", priority: 1 },
    ],
  });
export type Database = ObjectOf<typeof Database>;

const conditions = {
  Available: {
    reasons: [
      "Serving",
      "Starting",
      "Restoring",
      "NotRestored",
      "Upgrading",
      "VolumeLost",
      "Stopped",
    ],
  },
  Upgraded: {
    reasons: [
      "AsAsked",
      "Refused",
      "Stopping",
      "BackingUp",
      "BackupFailed",
      "Converting",
      "ConversionFailed",
    ],
    severity: "warning",
  },
  BackedUp: { reasons: ["Done", "None", "Late"], severity: "warning" },
} as const;

/** A reason that is not here does not compile. `Ready` sums them up. */
export const DatabaseConditions: Conditions<typeof conditions> = defineConditions(conditions);

export type DatabaseContext = ReconcileContext<Database>;

export type BackupSpec = { readonly database: string };
export type BackupStatus = {
  readonly version?: number | undefined;
  readonly archive?: string | undefined;
  readonly finishedAt?: string | undefined;
};

export const Backup: DefinedResource<BackupSpec, BackupStatus> = defineResource({
  group: "databases.example.dev",
  version: "v1",
  kind: "Backup",
  description: "What is on the volume of a Database, once. Outlives the Database.",
  spec: z.object({ database: z.string().min(1) }),
  status: z.object({
    version: z.int().optional(),
    archive: z.string().optional(),
    finishedAt: z.string().optional(),
  }),
  rules: [{ rule: "self.spec == oldSelf.spec", message: "a backup cannot change: make another" }],
  columns: [
    { name: "Database", type: "string", jsonPath: ".spec.database" },
    { name: "Version", type: "integer", jsonPath: ".status.version" },
    {
      name: "Complete",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Complete")].status',
    },
    { name: "Archive", type: "string", jsonPath: ".status.archive" },
  ],
});
export type Backup = ObjectOf<typeof Backup>;
