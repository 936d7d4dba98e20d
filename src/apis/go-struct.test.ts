import fc from "fast-check";
import { expect, test } from "vitest";
import { podSpecStruct, podTemplateStruct } from "./core/v1/go-structs.ts";
import type { PodSpec } from "./core/v1/types.generated.ts";
import { goStruct, structDiff } from "./go-struct.ts";
import { DIFF_LINES_MAX, lineDiff } from "./line-diff.ts";

/** The spec of a pod that a real server showed in its refusals. */
const SPEC: PodSpec = {
  volumes: [
    {
      name: "kube-api-access-5grb8",
      projected: {
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
          { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
          {
            downwardAPI: {
              items: [
                {
                  path: "namespace",
                  fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" },
                },
              ],
            },
          },
          { configMap: { name: "other", items: [{ key: "a", path: "a" }] } },
        ],
        defaultMode: 420,
      },
    },
  ],
  containers: [
    {
      name: "c",
      image: "nginx:2",
      resources: {},
      volumeMounts: [{ name: "kube-api-access-5grb8", readOnly: true, mountPath: "/var" }],
    },
  ],
  serviceAccountName: "default",
  hostNetwork: true,
  securityContext: { runAsUser: 5 },
};

test("a change is shown at the line it has in the form upstream prints", () => {
  const next = { ...SPEC, nodeName: "x" };
  expect(structDiff(SPEC, next, podSpecStruct)).toBe(
    [
      "@@ -158,7 +158,7 @@",
      '  "NodeSelector": null,',
      '  "ServiceAccountName": "default",',
      '  "AutomountServiceAccountToken": null,',
      '- "NodeName": "",',
      '+ "NodeName": "x",',
      '  "SecurityContext": {',
      '   "HostNetwork": true,',
      '   "HostPID": false,',
      "",
    ].join("\n"),
  );
});

test("a list that grows is shown with the lines around it", () => {
  const [container] = SPEC.containers;
  const next = { ...SPEC, containers: [{ ...container, command: ["x"] }] };
  expect(structDiff(SPEC, next, podSpecStruct).split("\n").slice(0, 8)).toEqual([
    "@@ -111,7 +111,9 @@",
    "   {",
    '    "Name": "c",',
    '    "Image": "nginx:2",',
    '-   "Command": null,',
    '+   "Command": [',
    '+    "x"',
    "+   ],",
  ]);
});

test("metadata stand among the fields of a template, where there are any", () => {
  const printed = goStruct(
    { metadata: { labels: { b: "2", a: "1" } }, spec: SPEC },
    podTemplateStruct,
  );
  expect(JSON.stringify(printed)).toMatch(/^\{"labels":\{"a":"1","b":"2"\},"Spec":\{"Volumes":\[/);
});

test("fields of users are fields, whatever they are called", () => {
  const nodeSelector: unknown = JSON.parse('{"__proto__":"a","constructor":"b"}');
  const printed = JSON.stringify(goStruct({ nodeSelector }, podSpecStruct));
  expect(printed).toContain('"NodeSelector":{"__proto__":"a","constructor":"b"}');
});

test("changes that are far from each other are shown each for itself", () => {
  const before = Array.from({ length: 30 }, (_, index) => index);
  const after = before.map((value) => (value === 3 || value === 25 ? -value : value));
  const titles = lineDiff(before, after)
    .split("\n")
    .filter((line) => line.startsWith("@@"));
  expect(titles).toEqual(["@@ -2,7 +2,7 @@", "@@ -24,7 +24,7 @@"]);
});

test("a difference is shown if there is one, and never without end", () => {
  const many = (value: number): readonly number[] => Array.from({ length: 5_000 }, () => value);
  const lines = lineDiff(many(1), many(2)).split("\n");
  expect(lines.length).toBe(DIFF_LINES_MAX + 2);
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const isSame = JSON.stringify(a) === JSON.stringify(b);
      expect(lineDiff(a, b) === "").toBe(isSame);
    }),
  );
});
