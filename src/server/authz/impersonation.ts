/**
 * Acting for another user. There are several ways to be allowed to, tried from the narrowest to the
 * widest; all but the last also ask whether this very thing may be done in another's name:
 *
 * - a pod may act for the node it runs on (`associated-node`);
 * - for any node (`arbitrary-node`), any service account (`serviceaccount`), or any other user
 *   (`user-info`), each by the verbs `impersonate:MODE` and `impersonate-on:MODE:VERB`;
 * - for anybody in anything, by the verb `impersonate`.
 *
 * When none allows it, the refusal is that of the first way that applied. See KEP 5284.
 */
import type { Context } from "../../base/context.ts";
import { dnsSubdomainProblem } from "../../machinery/names.ts";
import { MASTERS_GROUP, type UserInfo } from "../../machinery/request.ts";
import { isStatus } from "../../machinery/status.ts";
import { ANONYMOUS_USER } from "../authn/authenticator.ts";
import {
  parseServiceAccountUser,
  serviceAccountGroups,
} from "../authn/service-account/user-name.ts";
import { forbiddenAccess } from "./access.ts";
import {
  AUTHENTICATED_GROUP,
  UNAUTHENTICATED_GROUP,
  type Access,
  type Authorizer,
  type ResourceAccess,
} from "./authorizer.ts";
import { extraProblem } from "./impersonation-extra.ts";

/** Groups or extra values from which on it is asked first whether all are allowed at once. */
const MANY = 4;

const NODE_PREFIX = "system:node:";
const NODES_GROUP = "system:nodes";
const NODE_NAME_EXTRA = "authentication.kubernetes.io/node-name";

type ModeName = "associated-node" | "arbitrary-node" | "serviceaccount" | "user-info";

type Mode =
  | { readonly kind: "constrained"; readonly name: ModeName }
  /** The way it was before there were others. */
  | { readonly kind: "legacy" };

const MODES: readonly Mode[] = [
  { kind: "constrained", name: "associated-node" },
  { kind: "constrained", name: "arbitrary-node" },
  { kind: "constrained", name: "serviceaccount" },
  { kind: "constrained", name: "user-info" },
  { kind: "legacy" },
];

/** The user to act as, for `access` of the one who asks. Throws 403. */
export async function impersonated(
  wanted: UserInfo,
  access: Access,
  authorizer: Authorizer,
  context: Context,
): Promise<UserInfo> {
  let refusal: unknown;
  for (const mode of MODES) {
    if (!applies(mode, wanted, access.user)) continue;
    const check = new Check(mode, access.user, authorizer, context);
    try {
      return await check.run(wanted, access);
    } catch (error) {
      if (!isStatus(error, "Forbidden")) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

function applies(mode: Mode, wanted: UserInfo, requestor: UserInfo): boolean {
  if (mode.kind === "legacy") return true;
  const node = nodeOf(wanted.name);
  const account = parseServiceAccountUser(wanted.name);
  const isNameOnly = wanted.uid === undefined && wanted.groups.length === 0 && isBare(wanted);
  switch (mode.name) {
    case "associated-node": {
      const isAccount = parseServiceAccountUser(requestor.name) !== undefined;
      const [own, ...more] = requestor.extra?.[NODE_NAME_EXTRA] ?? [];
      return isNameOnly && isAccount && node !== undefined && own === node && more.length === 0;
    }
    case "arbitrary-node":
      return isNameOnly && node !== undefined;
    case "serviceaccount":
      return isNameOnly && account !== undefined;
    case "user-info":
      return node === undefined && account === undefined;
  }
}

/** One way of being allowed, and what it asks of the authorizer. */
class Check {
  readonly #mode: Mode;
  readonly #verb: string;
  readonly #requestor: UserInfo;
  readonly #authorizer: Authorizer;
  readonly #context: Context;

  constructor(mode: Mode, requestor: UserInfo, authorizer: Authorizer, context: Context) {
    this.#mode = mode;
    this.#verb = mode.kind === "legacy" ? "impersonate" : `impersonate:${mode.name}`;
    const isNodeOfPod = mode.kind === "constrained" && mode.name === "associated-node";
    this.#requestor = isNodeOfPod ? withExtraKeysOnly(requestor) : requestor;
    this.#authorizer = authorizer;
    this.#context = context;
  }

  async run(wanted: UserInfo, access: Access): Promise<UserInfo> {
    const mode = this.#mode;
    if (mode.kind === "constrained") {
      const verb = `impersonate-on:${mode.name}:${access.verb}`;
      await this.#require({ ...access, user: this.#requestor, verb });
    }
    const groups = await this.#checkName(wanted);
    const { uid = "", extra = {} } = wanted;
    if (uid !== "") await this.#require(this.#identity("uids", uid));
    await this.#checkGroups(wanted.groups);
    await this.#checkExtra(extra);
    return { ...wanted, groups: withStandingGroup(wanted.name, groups) };
  }

  /** The groups the user gets: those that were asked for, or those that go with the name. */
  async #checkName({ name, groups }: UserInfo): Promise<readonly string[]> {
    const isConstrained = this.#mode.kind === "constrained";
    const node = isConstrained ? nodeOf(name) : undefined;
    const account = parseServiceAccountUser(name);
    const isNodeOfPod = this.#mode.kind === "constrained" && this.#mode.name === "associated-node";
    const asked =
      node !== undefined
        ? this.#named("nodes", isNodeOfPod ? "*" : node)
        : account !== undefined
          ? { ...this.#named("serviceaccounts", account.name), namespace: account.namespace }
          : this.#named("users", name);
    await this.#require(asked);
    if (node !== undefined) return [NODES_GROUP];
    if (account === undefined || groups.length > 0) return groups;
    return serviceAccountGroups(account.namespace);
  }

  async #checkGroups(groups: readonly string[]): Promise<void> {
    const asked = this.#named("groups", "");
    if (this.#mode.kind === "constrained") {
      if (groups.includes("")) {
        throw forbiddenAccess(asked, "impersonating the empty string group is not allowed");
      }
      if (groups.includes(MASTERS_GROUP)) {
        const masters = { ...asked, name: MASTERS_GROUP };
        throw forbiddenAccess(masters, "impersonating the system:masters group is not allowed");
      }
      if (groups.length >= MANY && (await this.#allows({ ...asked, name: "*" }))) return;
    }
    for (const name of groups) await this.#require({ ...asked, name });
  }

  async #checkExtra(extra: NonNullable<UserInfo["extra"]>): Promise<void> {
    const asked = this.#identity("userextras", "");
    const values = Object.entries(extra).flatMap(([subresource, each]) =>
      each.map((name) => ({ ...asked, subresource, name })),
    );
    if (this.#mode.kind === "constrained") {
      const problem = extraProblem(extra);
      if (problem !== undefined) throw forbiddenAccess(asked, problem);
      const all = { ...asked, subresource: "*", name: "*" };
      if (values.length >= MANY && (await this.#allows(all))) return;
    }
    for (const value of values) await this.#require(value);
  }

  /** Names and groups had no API group before there were modes. */
  #named(resource: string, name: string): ResourceAccess {
    const asked = this.#identity(resource, name);
    return this.#mode.kind === "legacy" ? { ...asked, group: "" } : asked;
  }

  #identity(resource: string, name: string): ResourceAccess {
    return {
      kind: "resource",
      user: this.#requestor,
      verb: this.#verb,
      group: "authentication.k8s.io",
      version: "v1",
      resource,
      subresource: "",
      namespace: "",
      name,
    };
  }

  async #allows(access: Access): Promise<boolean> {
    return (await this.#authorizer.authorize(access, this.#context)).kind === "allowed";
  }

  async #require(access: Access): Promise<void> {
    const decision = await this.#authorizer.authorize(access, this.#context);
    if (decision.kind !== "allowed") throw forbiddenAccess(access, decision.reason);
  }
}

function nodeOf(user: string): string | undefined {
  if (!user.startsWith(NODE_PREFIX)) return undefined;
  const name = user.slice(NODE_PREFIX.length);
  return dnsSubdomainProblem(name) === undefined ? name : undefined;
}

function isBare({ extra }: UserInfo): boolean {
  return extra === undefined || Object.keys(extra).length === 0;
}

/** Of a pod's extra values only the names count: all pods like it are asked about alike. */
function withExtraKeysOnly(user: UserInfo): UserInfo {
  const keys = Object.keys(user.extra ?? {}).sort();
  return { ...user, extra: { "authentication.kubernetes.io/associated-node-keys": keys } };
}

/** Everybody is known to be authenticated, or not to be. */
function withStandingGroup(name: string, groups: readonly string[]): readonly string[] {
  const group = name === ANONYMOUS_USER ? UNAUTHENTICATED_GROUP : AUTHENTICATED_GROUP;
  const isSettled = groups.includes(group) || groups.includes(UNAUTHENTICATED_GROUP);
  return isSettled ? groups : [...groups, group];
}
