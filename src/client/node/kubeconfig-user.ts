/** Who calls, as a kubeconfig says: certificates, a token, a program, and whom they act as. */
import { isFields, own } from "../../machinery/object.ts";
import type { Files } from "../../base/files.ts";
import type { ConnectionOptions } from "../http/connection-options.ts";
import { ExecCredentials, type CredentialsDeps } from "./exec-credentials.ts";
import {
  fileOf,
  pemOf,
  problem,
  readText,
  textOf,
  textsOf,
  type Entry,
  type FilesDeps,
  type Pem,
} from "./kubeconfig-entry.ts";
import { readProgram } from "./kubeconfig-program.ts";

export type UserDeps = FilesDeps & {
  /** Runs programs that give credentials. Absent: a kubeconfig that names one is refused. */
  readonly credentials?: CredentialsDeps;
};

export type UserAccess = {
  readonly certificate?: Pem | undefined;
  readonly key?: Pem | undefined;
  readonly token?: (() => Promise<string>) | undefined;
  readonly program?: ExecCredentials | undefined;
  readonly impersonate?: ConnectionOptions["impersonate"] | undefined;
};

export async function readUser(user: Entry, cluster: Entry, deps: UserDeps): Promise<UserAccess> {
  refuse(user, "auth-provider", "is not known any more; name a program under `exec` instead");
  refuse(user, "username", "passwords are not supported by API servers any more; use a token");
  const certificate = await pemOf(user, "client-certificate", deps);
  const key = await pemOf(user, "client-key", deps);
  if ((certificate === undefined) !== (key === undefined)) {
    throw problem(user, "client-key", "a certificate and its key go together");
  }
  const token = tokenIn(user, deps);
  const program = await programOf(user, cluster, deps);
  const isKnown = token !== undefined || certificate !== undefined;
  return {
    certificate,
    key,
    token,
    program: isKnown ? undefined : program, // as in kubectl: it is not asked then
    impersonate: impersonationOf(user),
  };
}

async function programOf(
  user: Entry,
  cluster: Entry,
  deps: UserDeps,
): Promise<ExecCredentials | undefined> {
  const exec = own(user.fields, "exec");
  if (exec === undefined || exec === null) return undefined;
  if (!isFields(exec)) throw problem(user, "exec", "not a mapping");
  if (deps.credentials === undefined) {
    throw problem(user, "exec", "programs that give credentials are not run here; use a token");
  }
  const program = await readProgram({ ...user, fields: exec }, cluster, deps);
  return new ExecCredentials(program, deps.credentials);
}

/** A file of tokens wins over a token, as in kubectl. */
function tokenIn(user: Entry, deps: FilesDeps): (() => Promise<string>) | undefined {
  const file = textOf(user, "tokenFile");
  if (file !== "") return tokenOfFile(deps.files, fileOf(user, file));
  const token = textOf(user, "token");
  return token === "" ? undefined : () => Promise.resolve(token);
}

/** Read for each request: tokens in files are replaced while they are in use. */
export function tokenOfFile(files: Files, path: string): () => Promise<string> {
  return async () => (await readText(files, path)).trim();
}

function impersonationOf(user: Entry): ConnectionOptions["impersonate"] {
  const name = textOf(user, "as");
  const uid = textOf(user, "as-uid");
  const groups = textsOf(user, "as-groups");
  const extra = extraOf(user);
  if (name === "") {
    const set = [
      ...(uid === "" ? [] : ["as-uid"]),
      ...(groups.length === 0 ? [] : ["as-groups"]),
      ...(Object.keys(extra).length === 0 ? [] : ["as-user-extra"]),
    ];
    if (set.length === 0) return undefined;
    throw problem(user, "as", `not set, and ${set.join(", ")} cannot be asked for without it`);
  }
  return {
    user: name,
    groups,
    ...(uid === "" ? {} : { uid }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}

function extraOf(user: Entry): Readonly<Record<string, readonly string[]>> {
  const extra: unknown = own(user.fields, "as-user-extra") ?? {};
  if (!isFields(extra)) throw problem(user, "as-user-extra", "not a mapping");
  return Object.fromEntries(
    Object.keys(extra).map((key) => [
      key,
      textsOf({ ...user, name: `${user.name}: as-user-extra`, fields: extra }, key),
    ]),
  );
}

function refuse(entry: Entry, field: string, why: string): void {
  if (own(entry.fields, field) !== undefined) throw problem(entry, field, why);
}
