import { expect, test } from "vitest";
import { created } from "../../testing.ts";
import { podStrategy } from "./pod.ts";
import { withLostNodeTolerations, withServiceAccount } from "./pod-admission.ts";
import type { Pod } from "./types.generated.ts";

const aPod = (spec: object = {}): Pod =>
  created(podStrategy, { spec: { containers: [{ name: "c", image: "x" }], ...spec } });

test("a pod stays five minutes on a lost node, unless it says otherwise", () => {
  const lost = (key: string): object => ({
    key: `node.kubernetes.io/${key}`,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: 300,
  });
  expect(withLostNodeTolerations(aPod()).spec.tolerations).toEqual([
    lost("not-ready"),
    lost("unreachable"),
  ]);
  const own = { key: "node.kubernetes.io/not-ready", effect: "NoExecute", tolerationSeconds: 5 };
  expect(withLostNodeTolerations(aPod({ tolerations: [own] })).spec.tolerations).toEqual([
    own,
    lost("unreachable"),
  ]);
  const everything = aPod({ tolerations: [{ operator: "Exists" }] });
  expect(withLostNodeTolerations(everything)).toBe(everything);
});

test("a pod runs as its account, or as the default one", () => {
  expect(withServiceAccount(aPod()).spec).toMatchObject({
    serviceAccountName: "default",
    serviceAccount: "default",
  });
  const named = aPod({ serviceAccount: "robot" });
  expect(withServiceAccount(named)).toBe(named);
});
