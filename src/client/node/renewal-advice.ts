/** Whose credentials a kubeconfig gives, and what to do when a server does not accept them. */
import { isFields, own } from "../../machinery/object.ts";
import type { ConnectionOptions } from "../http/connection-options.ts";
import { fileOf, textOf, type Entry } from "./kubeconfig-entry.ts";

type CallerName = NonNullable<ConnectionOptions["caller"]>;

/** `user`: undefined if the context names none. In the order in which credentials are chosen. */
export function callerOf(context: Entry, user: Entry | undefined): CallerName {
  const where = `context ${JSON.stringify(context.name)} of ${context.path}`;
  if (user === undefined) {
    const renewal = "Name a user in the context: kubectl config set-context NAME --user=USER";
    return { name: `${where}, which names no user,`, renewal };
  }
  return { name: `user ${JSON.stringify(user.name)} (${where})`, renewal: renewalOf(user) };
}

function renewalOf(user: Entry): string {
  const tokenFile = textOf(user, "tokenFile");
  if (tokenFile !== "") {
    return `It is read from ${fileOf(user, tokenFile)} for each request: put a new one there`;
  }
  const set = `kubectl config set-credentials ${user.name}`;
  if (textOf(user, "token") !== "") {
    return `It is written in ${user.path}: put a new one there, with ${set} --token=TOKEN`;
  }
  const certificate = textOf(user, "client-certificate");
  if (textOf(user, "client-certificate-data") !== "") {
    return `It is written in ${user.path}: get a new kubeconfig from where this one came from`;
  }
  if (certificate !== "") {
    return `It is read from ${fileOf(user, certificate)}: put a new one and its key there`;
  }
  const exec = own(user.fields, "exec");
  const command = isFields(exec) ? own(exec, "command") : undefined;
  if (typeof command === "string") {
    return `It is what the program ${command} gave: log in with it again, or run it by hand`;
  }
  return `Give it some in ${user.path}, e.g. with ${set} --token=TOKEN`;
}
