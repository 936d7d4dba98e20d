import { expect, test } from "vitest";
import { created, refusalOf, updated, updateRefusalOf, type Sent } from "../../testing.ts";
import { customResourceDefinitionStrategy as strategy } from "./custom-resource-definition.ts";
import { withCondition, type Definition } from "./definition-conditions.ts";

const NOW_MS = 0;

/** `sites.example.dev` with one version, changed in its spec. */
function aDefinition(spec: object = {}, metadata: object = {}): Sent {
  return {
    metadata: { name: "sites.example.dev", ...metadata },
    spec: {
      group: "example.dev",
      scope: "Namespaced",
      names: { plural: "sites", kind: "Site" },
      versions: [aVersion()],
      ...spec,
    },
  };
}

function aVersion(change: object = {}): object {
  const schema = {
    openAPIV3Schema: {
      type: "object",
      properties: { spec: { type: "object", properties: { tier: { type: "string" } } } },
    },
  };
  return { name: "v1", served: true, storage: true, schema, ...change };
}

function webhook(change: object): object {
  const clientConfig = { url: "https://example.dev/convert" };
  const webhook = { conversionReviewVersions: ["v1"], clientConfig, ...change };
  return { conversion: { strategy: "Webhook", webhook } };
}

const REFUSED: readonly { readonly why: string; readonly sent: Sent }[] = [
  {
    why: 'metadata.name: Invalid value: "x.example.dev": must be spec.names.plural+"."+spec.group',
    sent: aDefinition({}, { name: "x.example.dev" }),
  },
  {
    why: 'spec.scope: Unsupported value: "Global": supported values: "Cluster", "Namespaced"',
    sent: aDefinition({ scope: "Global" }),
  },
  {
    why: "spec.versions[0].schema.openAPIV3Schema: Required value",
    sent: aDefinition({ versions: [aVersion({ schema: undefined })] }),
  },
  {
    why:
      "spec.versions: Invalid value: " +
      '[{"Name":"v1","Served":true,"Storage":true,"Deprecated":false,"DeprecationWarning":null,' +
      '"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,' +
      '"SelectableFields":null},' +
      '{"Name":"v2","Served":true,"Storage":true,"Deprecated":false,"DeprecationWarning":null,' +
      '"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,' +
      '"SelectableFields":null}' +
      "]: must have exactly one version marked as storage version",
    sent: aDefinition({ versions: [aVersion(), aVersion({ name: "v2" })] }),
  },
  {
    why: 'spec.names.listKind: Invalid value: "Site": kind and listKind may not be the same',
    sent: aDefinition({ names: { plural: "sites", kind: "Site", listKind: "Site" } }),
  },
  {
    why: "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-",
    sent: aDefinition({ preserveUnknownFields: true }),
  },
  {
    why: 'spec.versions[0].deprecationWarning: Invalid value: "Old": can only be set for deprecated',
    sent: aDefinition({ versions: [aVersion({ deprecationWarning: "Old" })] }),
  },
  {
    why: 'spec.subresources.scale.specReplicasPath: Invalid value: ".status.x": should be a json path under .spec',
    sent: aDefinition({
      versions: [
        aVersion({
          subresources: {
            scale: { specReplicasPath: ".status.x", statusReplicasPath: ".status.x" },
          },
        }),
      ],
    }),
  },
  {
    why: 'spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string',
    sent: aDefinition({
      versions: [
        aVersion({ additionalPrinterColumns: [{ name: "A", type: "text", jsonPath: ".a" }] }),
      ],
    }),
  },
  {
    why: 'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "a": must be a simple json path starting with .',
    sent: aDefinition({
      versions: [
        aVersion({ additionalPrinterColumns: [{ name: "A", type: "string", jsonPath: "a" }] }),
      ],
    }),
  },
  {
    why: 'spec.selectableFields[0].jsonPath: Invalid value: ".spec.nope": is an invalid path: does not refer to a valid field',
    sent: aDefinition({
      versions: [aVersion({ selectableFields: [{ jsonPath: ".spec.nope" }] })],
    }),
  },
  {
    why: 'spec.selectableFields[1].jsonPath: Duplicate value: ".spec.tier"',
    sent: aDefinition({
      versions: [
        aVersion({
          selectableFields: [{ jsonPath: ".spec.tier" }, { jsonPath: ".spec.tier" }],
        }),
      ],
    }),
  },
  {
    why: 'spec.selectableFields[0].jsonPath: Invalid value: ".spec": must point to a field of type string, boolean or integer.',
    sent: aDefinition({ versions: [aVersion({ selectableFields: [{ jsonPath: ".spec" }] })] }),
  },
  {
    why: "spec.conversion.webhookClientConfig: Required value: exactly one of url or service is required",
    sent: aDefinition(webhook({ clientConfig: {} })),
  },
  {
    why: "spec.conversion.webhookClientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path]",
    sent: aDefinition(webhook({ clientConfig: { url: "http://example.dev" } })),
  },
  {
    why: 'spec.conversion.webhookClientConfig.url: Invalid value: "a=b": query parameters are not permitted in the URL',
    sent: aDefinition(webhook({ clientConfig: { url: "https://example.dev/?a=b" } })),
  },
  {
    why: "spec.conversion.webhookClientConfig.service.name: Required value",
    sent: aDefinition(webhook({ clientConfig: { service: { namespace: "t", name: "" } } })),
  },
  {
    why: "spec.conversion.webhookClientConfig.service.path: Invalid value: \"x\": must start with a '/'",
    sent: aDefinition(
      webhook({ clientConfig: { service: { namespace: "t", name: "n", path: "x" } } }),
    ),
  },
  {
    why: "spec.conversion.conversionReviewVersions: Required value",
    sent: aDefinition(webhook({ conversionReviewVersions: [] })),
  },
  {
    why: 'spec.conversion.conversionReviewVersions: Invalid value: ["v9"]: must include at least one of v1, v1beta1',
    sent: aDefinition(webhook({ conversionReviewVersions: ["v9"] })),
  },
  {
    why: 'metadata.annotations[api-approved.kubernetes.io]: Invalid value: "yes": protected groups must have approval annotation',
    sent: aDefinition(
      { group: "foo.k8s.io" },
      { name: "sites.foo.k8s.io", annotations: { "api-approved.kubernetes.io": "yes" } },
    ),
  },
];

test("definitions: are refused in upstream's words", () => {
  for (const { why, sent } of REFUSED) expect(refusalOf(strategy, sent)).toContain(why);
  expect(refusalOf(strategy, aDefinition())).toBe("");
  expect(refusalOf(strategy, aDefinition(webhook({})))).toBe("");
});

test("definitions: what only one version has is named there", () => {
  const columns = { additionalPrinterColumns: [{ name: "", type: "string", jsonPath: ".a" }] };
  const versions = [aVersion(), aVersion({ name: "v2", storage: false, ...columns })];
  expect(refusalOf(strategy, aDefinition({ versions }))).toBe(
    "spec.versions[1].additionalPrinterColumns[0].name: Required value",
  );
});

test("definitions: names, list kind, conversion and ports have defaults", () => {
  const service = { namespace: "t", name: "n" };
  const definition = created(strategy, aDefinition(webhook({ clientConfig: { service } })));
  expect(definition.spec.names).toMatchObject({ singular: "site", listKind: "SiteList" });
  expect(definition.spec.conversion?.webhook?.clientConfig?.service?.port).toBe(443);
  expect(created(strategy, aDefinition()).spec.conversion).toEqual({ strategy: "None" });
  expect(strategy.applyDefaults(definition)).toEqual(definition);
});

test("definitions: unknown parts of inner schemas go, whatever they stand in", () => {
  const inner = { type: "object", properties: { a: { type: "string", made: 1 } }, up: true };
  const open = {
    type: "object",
    properties: { list: { type: "array", items: inner }, map: { additionalProperties: inner } },
  };
  const versions = [aVersion({ schema: { openAPIV3Schema: open } })];
  const [version] = created(strategy, aDefinition({ versions })).spec.versions;
  const kept = { type: "object", properties: { a: { type: "string" } } };
  expect(version?.schema?.openAPIV3Schema).toEqual({
    type: "object",
    properties: { list: { type: "array", items: kept }, map: { additionalProperties: kept } },
  });
});

test("definitions: a new storage version is remembered among those that were stored", () => {
  const old = created(strategy, aDefinition());
  const versions = [aVersion({ storage: false }), aVersion({ name: "v2" })];
  const next = updated(strategy, old, (definition) => ({
    ...definition,
    spec: { ...definition.spec, versions },
  }));
  expect(next.status.storedVersions).toEqual(["v1", "v2"]);
  const gone = updateRefusalOf(strategy, next, (definition) => ({
    ...definition,
    spec: { ...definition.spec, versions: [aVersion({ name: "v2" })] },
  }));
  expect(gone).toContain(
    'status.storedVersions[0]: Invalid value: "v1": missing from spec.versions; v1 was previously',
  );
});

test("definitions: kind and scope stand once established, group and plural from the start", () => {
  const fresh = created(strategy, aDefinition());
  const established = withCondition(
    fresh,
    { type: "Established", status: "True", reason: "InitialNamesAccepted", message: "" },
    NOW_MS,
  );
  const change =
    (spec: object) =>
    (definition: Definition): unknown => ({
      ...definition,
      spec: { ...definition.spec, ...spec },
    });
  const scope = change({ scope: "Cluster" });
  expect(updateRefusalOf(strategy, fresh, scope)).toBe("");
  expect(updateRefusalOf(strategy, established, scope)).toBe(
    'spec.scope: Invalid value: "Cluster": field is immutable',
  );
  expect(updateRefusalOf(strategy, fresh, change({ group: "other.dev" }))).toBe(
    'spec.group: Invalid value: "other.dev": field is immutable',
  );
});

test("definitions: a usable certificate cannot be taken away", () => {
  const pem = btoa("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  const withBundle = (caBundle: string): object =>
    webhook({ clientConfig: { url: "https://example.dev", caBundle } });
  const change =
    (caBundle: string) =>
    (definition: Definition): unknown => ({
      ...definition,
      spec: { ...definition.spec, ...withBundle(caBundle) },
    });
  const fresh = created(strategy, aDefinition(withBundle(pem)));
  expect(updateRefusalOf(strategy, fresh, change(btoa("nothing")))).toBe("");
  const good = withCondition(
    fresh,
    { type: "Established", status: "True", reason: "InitialNamesAccepted", message: "" },
    NOW_MS,
  );
  expect(updateRefusalOf(strategy, good, change(btoa("nothing")))).toContain(
    "unable to load root certificates: unable to parse bytes as PEM block",
  );
  const bad = created(strategy, aDefinition(withBundle(btoa("nothing"))));
  expect(updateRefusalOf(strategy, bad, change(pem))).toBe("");
});
