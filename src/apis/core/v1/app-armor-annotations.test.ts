import { expect, test } from "vitest";
import {
  appArmorMismatches,
  appArmorWarnings,
  withAppArmorFields,
} from "./app-armor-annotations.ts";
import type { AppArmorProfile, Pod } from "./types.generated.ts";

const KEY = "container.apparmor.security.beta.kubernetes.io/c";
const USE = 'deprecated since v1.30; use the "appArmorProfile" field instead';
const TOLD = `metadata.annotations[${KEY}]: ${USE}`;

function aPod(annotation: string, appArmorProfile?: AppArmorProfile): Pod {
  const security = appArmorProfile === undefined ? {} : { securityContext: { appArmorProfile } };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", annotations: { [KEY]: annotation } },
    spec: { containers: [{ name: "c", image: "i" }], ...security },
    status: {},
  };
}

function profileOf(pod: Pod): AppArmorProfile | undefined {
  return pod.spec.containers[0]?.securityContext?.appArmorProfile;
}

for (const [annotation, profile] of [
  ["runtime/default", { type: "RuntimeDefault" }],
  ["unconfined", { type: "Unconfined" }],
  ["localhost/a", { type: "Localhost", localhostProfile: "a" }],
  ["localhost/", undefined],
  ["other", undefined],
] as const) {
  test(`AppArmor: the annotation ${annotation} becomes a field if it can, and is told of`, () => {
    const pod = aPod(annotation);
    expect(profileOf(withAppArmorFields(pod))).toEqual(profile);
    expect(appArmorWarnings(pod)).toEqual([TOLD]);
  });
}

test("AppArmor: what the pod says already is not said again", () => {
  const pod = aPod("unconfined", { type: "Unconfined" });
  expect(withAppArmorFields(pod)).toEqual(pod);
  expect(appArmorWarnings(pod)).toEqual([]);
  expect(appArmorMismatches("spec", pod)).toEqual([]);
});

test("AppArmor: annotation and field must say the same", () => {
  const local = (localhostProfile: string): AppArmorProfile => ({
    type: "Localhost",
    localhostProfile,
  });
  const fieldsOf = (pod: Pod): readonly string[] =>
    appArmorMismatches("spec", pod).map(({ field }) => field);
  const path = "spec.containers[0].securityContext.appArmorProfile";
  expect(fieldsOf(aPod("localhost/a", local("a")))).toEqual([]);
  expect(fieldsOf(aPod("localhost/a", local("b")))).toEqual([`${path}.localhostProfile`]);
  expect(fieldsOf(aPod("unconfined", local("b")))).toEqual([`${path}.type`]);
});
