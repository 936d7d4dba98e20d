/** What a kubeconfig says of the program that gives a user's credentials (`exec`). */
import { isFields, own, type Fields } from "../../machinery/object.ts";
import type { CredentialsProgram } from "./exec-credentials.ts";
import { fileOf, pemOf, problem, textOf, textsOf, type Entry } from "./kubeconfig-entry.ts";
import type { FilesDeps } from "./kubeconfig-entry.ts";

const VERSIONS = ["v1", "v1beta1"].map((version) => `client.authentication.k8s.io/${version}`);

/** The name under which a cluster keeps what is meant for programs of its users. */
const CONFIG_EXTENSION = "client.authentication.k8s.io/exec";

/** `exec`: the entry of the user, with the fields below `exec`. Throws a `KubeconfigError`. */
export async function readProgram(
  exec: Entry,
  cluster: Entry,
  deps: FilesDeps,
): Promise<CredentialsProgram> {
  const apiVersion = textOf(exec, "apiVersion");
  if (!VERSIONS.includes(apiVersion)) {
    throw problem(exec, "exec.apiVersion", `one of ${VERSIONS.join(", ")}`);
  }
  const command = textOf(exec, "command");
  if (command === "") throw problem(exec, "exec.command", "not set");
  if (textOf(exec, "interactiveMode") === "Always") {
    const why = "Always: programs run without a terminal here; log in first, or use Never";
    throw problem(exec, "exec.interactiveMode", why);
  }
  const isTold = own(exec.fields, "provideClusterInfo") === true;
  return {
    apiVersion,
    // A path is meant from the kubeconfig's folder, a bare name from PATH.
    command: command.includes("/") ? fileOf(exec, command) : command,
    args: textsOf(exec, "args"),
    variables: variablesOf(exec),
    installHint: textOf(exec, "installHint"),
    cluster: isTold ? await clusterInfo(cluster, deps) : undefined,
  };
}

function variablesOf(exec: Entry): Readonly<Record<string, string>> {
  const variables: unknown = own(exec.fields, "env") ?? [];
  return Object.fromEntries(
    (Array.isArray(variables) ? variables : []).filter(isFields).map((each) => {
      return [String(own(each, "name")), String(own(each, "value"))];
    }),
  );
}

/** The cluster as programs are told of it: an authority in a file is handed over as data. */
async function clusterInfo(cluster: Entry, deps: FilesDeps): Promise<Fields> {
  const authority = await pemOf(cluster, "certificate-authority", deps);
  const config = configOf(cluster);
  const kept = ["server", "tls-server-name", "insecure-skip-tls-verify", "proxy-url"];
  return {
    ...Object.fromEntries(
      kept.flatMap((field) => {
        const value = own(cluster.fields, field);
        return value === undefined ? [] : [[field, value]];
      }),
    ),
    ...(authority === undefined
      ? {}
      : { "certificate-authority-data": Buffer.from(authority.text).toString("base64") }),
    ...(config === undefined ? {} : { config }),
  };
}

function configOf(cluster: Entry): unknown {
  const extensions: unknown = own(cluster.fields, "extensions");
  if (!Array.isArray(extensions)) return undefined;
  const found = extensions.filter(isFields).find((one) => own(one, "name") === CONFIG_EXTENSION);
  return found === undefined ? undefined : own(found, "extension");
}
