/**
 * Roles and bindings by subject, so that a decision looks at the bindings of one user and at no
 * others. The view of one user is kept until a role or a binding changes.
 */
import type {
  ClusterRole,
  PolicyRule,
  RoleBinding,
  RoleRef,
  Subject,
} from "../../../apis/rbac/v1/types.generated.ts";
import type { Log } from "../../../base/env.ts";
import { compareText } from "../../../machinery/key.ts";
import type { UserInfo } from "../../../machinery/request.ts";
import { StoreFollower, type StoreView } from "../../registry/store-follower.ts";
import type { Entry, Store } from "../../../store/store.ts";
import { serviceAccountUser } from "../../authn/service-account/user-name.ts";
import { isSubject, subjectText } from "./policy-rule.ts";

/** What one binding gives a user. */
export type Grant = {
  /** `ClusterRoleBinding "b" of ClusterRole "r" to Group "g"` */
  readonly source: string;
  readonly rules: readonly PolicyRule[];
  /** Why there are no rules; "" if there could be. */
  readonly problem: string;
};

/** Users whose grants are remembered; beyond, all are forgotten and looked up anew. */
export const REMEMBERED_USERS_MAX = 1_024;

/** Group of roles and bindings. */
export const RBAC_GROUP = "rbac.authorization.k8s.io";

const ROOT = `/registry/${RBAC_GROUP}/`;

type Rules = readonly PolicyRule[];

/** A binding of either kind; "" is no namespace. */
type Bound = {
  readonly kind: "ClusterRoleBinding" | "RoleBinding";
  readonly namespace: string;
  readonly name: string;
  readonly roleRef: RoleRef;
  readonly subjects: readonly Subject[];
};

export class RoleIndex {
  readonly #follower: StoreFollower;
  /** By what stands behind the prefix in the key: a name, or namespace and name. */
  readonly #clusterRoles = new Map<string, Rules>();
  readonly #roles = new Map<string, Rules>();
  readonly #bindings = new Map<string, Bound>();
  /** Keys of bindings by the user or group they name; see `subjectKey`. */
  readonly #bySubject = new Map<string, Set<string>>();
  /** Grants by user and namespace, of the present roles and bindings. */
  readonly #remembered = new Map<string, Map<string, readonly Grant[]>>();

  constructor(deps: { readonly store: Store; readonly log: Log }) {
    const forget = (): void => this.#remembered.clear();
    const roles = (prefix: string, known: Map<string, Rules>): StoreView => ({
      prefix,
      clear: () => (forget(), known.clear()),
      put: (entry) => (forget(), known.set(entry.key.slice(prefix.length), rulesOf(entry))),
      remove: (key) => (forget(), known.delete(key.slice(prefix.length))),
    });
    const bindings = (prefix: string, kind: Bound["kind"]): StoreView => ({
      prefix,
      clear: () => (forget(), this.#dropBindings(prefix)),
      put: (entry) => (forget(), this.#putBinding(entry, kind)),
      remove: (key) => (forget(), this.#dropBinding(key)),
    });
    this.#follower = new StoreFollower(deps, [
      roles(`${ROOT}clusterroles/`, this.#clusterRoles),
      roles(`${ROOT}roles/`, this.#roles),
      bindings(`${ROOT}clusterrolebindings/`, "ClusterRoleBinding"),
      bindings(`${ROOT}rolebindings/`, "RoleBinding"),
    ]);
  }

  /** Resolves when all roles and bindings written so far count; undefined: they do already. */
  catchUp(): Promise<void> | undefined {
    return this.#follower.catchUp();
  }

  /** What is granted to the user in the whole cluster and, unless it is "", in the namespace. */
  grantsOf(user: UserInfo, namespace: string): readonly Grant[] {
    const key = JSON.stringify([user.name, user.groups]);
    let ofUser = this.#remembered.get(key);
    if (ofUser === undefined) {
      if (this.#remembered.size >= REMEMBERED_USERS_MAX) this.#remembered.clear();
      ofUser = new Map();
      this.#remembered.set(key, ofUser);
    }
    const known = ofUser.get(namespace);
    if (known !== undefined) return known;
    if (ofUser.size >= REMEMBERED_USERS_MAX) ofUser.clear();
    const found = this.#findGrants(user, namespace);
    ofUser.set(namespace, found);
    return found;
  }

  /** The rules a binding in `namespace` refers to, or why there are none. */
  rulesOfRole(roleRef: RoleRef, namespace: string): Pick<Grant, "rules" | "problem"> {
    const { kind, name } = roleRef;
    if (kind !== "Role" && kind !== "ClusterRole") {
      return { rules: [], problem: `unsupported role reference kind: ${JSON.stringify(kind)}` };
    }
    const rules =
      kind === "Role" ? this.#roles.get(`${namespace}/${name}`) : this.#clusterRoles.get(name);
    if (rules !== undefined) return { rules, problem: "" };
    const problem = `${kind.toLowerCase()}.${RBAC_GROUP} ${JSON.stringify(name)} not found`;
    return { rules: [], problem };
  }

  #findGrants(user: UserInfo, namespace: string): readonly Grant[] {
    const keys = new Set<string>();
    for (const subject of [`User ${user.name}`, ...user.groups.map((name) => `Group ${name}`)]) {
      for (const key of this.#bySubject.get(subject) ?? []) keys.add(key);
    }
    return [...keys]
      .flatMap((key) => this.#bindings.get(key) ?? [])
      .filter((bound) => bound.namespace === "" || bound.namespace === namespace)
      .sort((a, b) => compareText(a.kind, b.kind) || compareText(a.name, b.name))
      .flatMap((bound) => this.#grantOf(bound, user));
  }

  #grantOf(bound: Bound, user: UserInfo): readonly Grant[] {
    const { kind, namespace, name, roleRef } = bound;
    const subject = bound.subjects.find((each) => isSubject(each, user, namespace));
    if (subject === undefined) return [];
    const binding = namespace === "" ? name : `${name}/${namespace}`;
    const source =
      `${kind} ${JSON.stringify(binding)} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} ` +
      `to ${subjectText(subject, namespace)}`;
    return [{ source, ...this.rulesOfRole(roleRef, namespace) }];
  }

  #putBinding(entry: Entry, kind: Bound["kind"]): void {
    this.#dropBinding(entry.key);
    const { metadata, roleRef, subjects: listed } = decode<RoleBinding>(entry);
    const subjects = listed ?? [];
    const namespace = kind === "RoleBinding" ? (metadata.namespace ?? "") : "";
    const bound: Bound = { kind, namespace, name: metadata.name ?? "", roleRef, subjects };
    this.#bindings.set(entry.key, bound);
    for (const subject of subjects) {
      const key = subjectKey(subject, namespace);
      const keys = this.#bySubject.get(key);
      if (keys === undefined) this.#bySubject.set(key, new Set([entry.key]));
      else keys.add(entry.key);
    }
  }

  #dropBinding(key: string): void {
    const bound = this.#bindings.get(key);
    if (bound === undefined) return;
    this.#bindings.delete(key);
    for (const subject of bound.subjects) {
      const of = subjectKey(subject, bound.namespace);
      const keys = this.#bySubject.get(of);
      keys?.delete(key);
      if (keys?.size === 0) this.#bySubject.delete(of);
    }
  }

  #dropBindings(prefix: string): void {
    for (const key of this.#bindings.keys()) {
      if (key.startsWith(prefix)) this.#dropBinding(key);
    }
  }
}

/** Under what the bindings of a subject are found: service accounts are users, too. */
function subjectKey(subject: Subject, namespace: string): string {
  if (subject.kind !== "ServiceAccount") return `${subject.kind} ${subject.name}`;
  const home = subject.namespace === undefined || subject.namespace === "";
  const user = serviceAccountUser(home ? namespace : subject.namespace, subject.name);
  return `User ${user}`;
}

function rulesOf(entry: Entry): Rules {
  return decode<ClusterRole>(entry).rules ?? [];
}

const decoder = new TextDecoder();

/** What the server stores was decoded and validated as its kind. */
function decode<T>(entry: Entry): T {
  return JSON.parse(decoder.decode(entry.value)) as T;
}
