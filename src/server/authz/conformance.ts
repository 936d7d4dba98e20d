/** What every authorizer promises, run over each implementation by its tests. */
import { describe, expect, test } from "vitest";
import type { Context } from "../../base/context.ts";
import type { UserInfo } from "../../machinery/request.ts";
import type { Access, Authorizer, ResourceRule } from "./authorizer.ts";

/** An authorizer with somebody it knows. */
export type AuthorizerSetting = {
  readonly authorizer: Authorizer;
  readonly context: Context;
  /** A user with at least one thing they may do, and one they may not. */
  readonly user: UserInfo;
  readonly allowed: Access;
  readonly refused: Access;
  /** Whether `allowed` is so for everybody. Default: it is not. */
  readonly isForAll?: boolean;
  /** Where the user's rules are listed. */
  readonly namespace: string;
};

/** Names that mean something elsewhere. */
const ODD_NAMES: readonly string[] = ["", "*", "__proto__", "constructor", "a/b", "é", "a\nb"];

export function authorizerConformance(name: string, open: () => Promise<AuthorizerSetting>): void {
  describe(`${name} keeps the promises of authorizers`, () => {
    test("it allows what it allows, and leaves or denies the rest", async () => {
      const { authorizer, allowed, refused, context } = await open();
      for (let times = 0; times < 2; times += 1) {
        expect((await authorizer.authorize(allowed, context)).kind).toBe("allowed");
        expect((await authorizer.authorize(refused, context)).kind).not.toBe("allowed");
      }
    });

    test("who it has never heard of may do nothing but what everybody may", async () => {
      const { authorizer, allowed, context, isForAll = false } = await open();
      for (const odd of ODD_NAMES) {
        const user = { name: odd, groups: [odd] };
        const decision = await authorizer.authorize({ ...allowed, user }, context);
        expect(decision.kind === "allowed").toBe(isForAll);
        const rules = await authorizer.rulesOf(user, "default", context);
        expect(rules.resourceRules).toEqual([]);
      }
    });

    test("odd names are names like others", async () => {
      const { authorizer, refused, context } = await open();
      if (refused.kind === "path") {
        for (const path of ODD_NAMES) {
          const decision = await authorizer.authorize({ ...refused, path }, context);
          expect(decision.kind).not.toBe("allowed");
        }
        return;
      }
      for (const field of ["group", "namespace", "subresource", "version", "verb"] as const) {
        for (const odd of ODD_NAMES) {
          const access = { ...refused, resource: "__proto__", [field]: odd };
          expect((await authorizer.authorize(access, context)).kind).not.toBe("allowed");
        }
      }
    });

    test("what its rules list, it allows", async () => {
      const { authorizer, user, namespace, context } = await open();
      const { resourceRules, pathRules } = await authorizer.rulesOf(user, namespace, context);
      const listed = [
        ...resourceRules.flatMap((rule) => accessesOf(rule, user, namespace)),
        ...pathRules.flatMap(({ verbs, paths }) =>
          paths.flatMap((path) =>
            verbs.map((verb): Access => {
              return { kind: "path", user, verb: real(verb), path: real(path) };
            }),
          ),
        ),
      ];
      for (const access of listed) {
        const decision = await authorizer.authorize(access, context);
        expect({ access, kind: decision.kind }).toEqual({ access, kind: "allowed" });
      }
    });
  });
}

function accessesOf(rule: ResourceRule, user: UserInfo, namespace: string): readonly Access[] {
  const names = rule.resourceNames.length === 0 ? ["any"] : rule.resourceNames;
  return rule.apiGroups.flatMap((group) =>
    rule.resources.flatMap((endpoint) =>
      rule.verbs.flatMap((verb) =>
        names.map((name): Access => {
          const [resource = "", subresource = ""] = endpoint.split("/");
          return {
            kind: "resource",
            user,
            verb: real(verb),
            group: real(group),
            version: "v1",
            resource: real(resource),
            subresource,
            namespace,
            name,
          };
        }),
      ),
    ),
  );
}

/** Something an asterisk stands for. */
function real(text: string): string {
  return text.replaceAll("*", "any");
}
