/** What a Database is made of, as intents: nothing here is read or written. */
import type { Job, PersistentVolumeClaim, Secret, Service, StatefulSet } from "setpoint/client";
import type { Intent } from "setpoint/controller-runtime";
import type { Database } from "./kinds.ts";

/** Label of all that belongs to a database: its name. */
export const DATABASE = "databases.example.dev/database";
/** Label of backups: the uid of their database, as another of its name may follow. */
export const DATABASE_UID = "databases.example.dev/database-uid";
/** Label of backups: why they were made; and of jobs: what they do. */
export const REASON = "databases.example.dev/reason";
/** Annotation of the volume: the major version that its data is of. */
export const VERSION = "databases.example.dev/version";
/** Annotation of the volume: a backup that is still to be put on it; "" is none. */
export const AWAITS = "databases.example.dev/awaits";

const PORT = 5432;

export function volumeName(database: string): string {
  return `${database}-data`;
}

export function secretName(database: string): string {
  return `${database}-password`;
}

/** Where the backups of a database go. The webhook writes it down, so that it is fixed. */
export function archiveOf({ metadata, spec }: Pick<Database, "metadata" | "spec">): string {
  return spec.archive ?? `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}

/** For what must not be taken for that of another database of this name, before or after it. */
export function nameOf({ metadata: { name = "", uid = "" } }: Database, what: string): string {
  return `${name}-${what}-${uid.slice(-6)}`;
}

export function labelsOf({ metadata: { name = "" } }: Database): Readonly<Record<string, string>> {
  return { [DATABASE]: name };
}

/** Not owned: what is on it must not go because its object does. */
export function volumeIntent(
  database: Database,
  { version, awaits }: { readonly version: number; readonly awaits: string },
): Intent<PersistentVolumeClaim> {
  const { metadata, spec } = database;
  return {
    metadata: {
      name: volumeName(metadata.name ?? ""),
      labels: labelsOf(database),
      annotations: { [VERSION]: String(version), [AWAITS]: awaits },
    },
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: spec.storage } },
    },
  };
}

export function serviceIntent(database: Database): Intent<Service> {
  const ports = [{ name: "sql", port: PORT, targetPort: PORT }];
  const { name = "" } = database.metadata;
  return { metadata: { name }, spec: { clusterIP: "None", selector: labelsOf(database), ports } };
}

/** `secret`: with another password there are other pods. */
export function serverIntent(
  database: Database,
  server: { readonly version: number; readonly replicas: 0 | 1; readonly secret: Secret },
): Intent<StatefulSet> {
  const { name = "" } = database.metadata;
  const labels = labelsOf(database);
  const { version, replicas, secret } = server;
  const secretKeyRef = { name: secretName(name), key: "password" };
  const env = { name: "PASSWORD", valueFrom: { secretKeyRef } };
  return {
    metadata: { name, labels },
    spec: {
      replicas,
      serviceName: name,
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels,
          annotations: { "databases.example.dev/password-of": secret.metadata.uid ?? "" },
        },
        spec: {
          containers: [{ ...container(version), env: [env], ports: [{ containerPort: PORT }] }],
          volumes: [volume(name)],
        },
      },
    },
  };
}

export type Task = "backup" | "restore" | "convert";

/**
 * A job on the volume: it needs no server, and no password, which may be gone by then. `name` is
 * new for each that shall be done.
 */
export function jobIntent(
  database: string,
  job: {
    readonly name: string;
    readonly task: Task;
    readonly version: number;
    readonly archive: string;
  },
): Intent<Job> {
  const { name, task, version, archive } = job;
  // Without the label of the database: the service must not find these pods.
  const labels = { [REASON]: task };
  return {
    metadata: { name, labels: { ...labels, [DATABASE]: database } },
    spec: {
      backoffLimit: 2,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: "Never",
          containers: [{ ...container(version), args: [task, archive] }],
          volumes: [volume(database)],
        },
      },
    },
  };
}

function container(version: number) {
  return {
    name: "database",
    image: `database:${version}`,
    volumeMounts: [{ name: "data", mountPath: "/data" }],
  };
}

function volume(database: string) {
  return { name: "data", persistentVolumeClaim: { claimName: volumeName(database) } };
}
