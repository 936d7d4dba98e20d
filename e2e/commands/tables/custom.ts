/** Custom resources, as clients meet them. */
import type { Group } from "../line.ts";

const CRD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gadgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: gadgets, singular: gadget, kind: Gadget, shortNames: [gd], categories: [things]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources:
      status: {}
      scale:
        specReplicasPath: .spec.replicas
        statusReplicasPath: .status.replicas
        labelSelectorPath: .status.selector
    additionalPrinterColumns:
    - {name: Size, type: integer, jsonPath: .spec.size}
    - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
    schema:
      openAPIV3Schema:
        type: object
        description: A gadget is a thing.
        properties:
          spec:
            type: object
            required: [size]
            properties:
              size: {type: integer, minimum: 1, description: How large it is.}
              replicas: {type: integer, default: 1}
              color: {type: string, enum: [red, green]}
              name: {type: string, maxLength: 5}
            x-kubernetes-validations:
            - {rule: "self.size <= 10", message: too large}
          status:
            type: object
            x-kubernetes-preserve-unknown-fields: true
            properties:
              replicas: {type: integer}
              selector: {type: string}
              phase: {type: string}
`;
const gadget = (name: string, spec: string): string =>
  `apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: ${name}}\nspec: ${spec}\n`;

export const CUSTOM: readonly Group[] = [
  {
    name: "custom",
    files: {
      "crd.yaml": CRD,
      "one.yaml": gadget("one", "{size: 3}"),
      "bad.yaml": gadget("bad", "{size: 0, color: blue, name: toolong}"),
      "large.yaml": gadget("large", "{size: 11}"),
      "typo.yaml": gadget("typo", "{size: 1, colour: red}"),
      "none.yaml": gadget("none", "{}"),
      "crd-bad.yaml": CRD.replace("gadgets.example.com", "wrong.example.com"),
    },
    lines: [
      {
        run: "kubectl apply -f crd-bad.yaml",
        code: 1,
        warns:
          'The CustomResourceDefinition "wrong.example.com" is invalid: metadata.name: ' +
          "Invalid value: " +
          '"wrong.example.com": must be spec.names.plural+"."+spec.group',
      },
      {
        run: "kubectl apply -f crd.yaml",
        says: "customresourcedefinition.apiextensions.k8s.io/gadgets.example.com created",
      },
      {
        run: "kubectl wait --for=condition=Established crd/gadgets.example.com",
        says: "customresourcedefinition.apiextensions.k8s.io/gadgets.example.com condition met",
      },
      { run: "kubectl apply -f one.yaml", says: "gadget.example.com/one created", until: true },
      { run: "kubectl apply -f one.yaml", says: "gadget.example.com/one unchanged" },
      { run: "kubectl get gd", says: /^NAME +SIZE +AGE\none +3 +\d+s\n$/ },
      { run: "kubectl get gadgets.v1.example.com one -o jsonpath='{.spec.replicas}'", says: "1" },
      { run: "kubectl get things", says: /\none +3 +/ },
      {
        run: "kubectl apply -f bad.yaml",
        code: 1,
        warns: [
          /^The Gadget "bad" is invalid: \n/,
          /\* spec\.size: Invalid value: 0: spec\.size in body should be greater than or equal /,
          /to 1\n/,
          /\* spec\.color: Unsupported value: "blue": supported values: "red", "green"\n/,
          /\* spec\.name: Too long: may not be more than 5 bytes\n/,
        ],
      },
      {
        run: "kubectl apply -f large.yaml",
        code: 1,
        warns: 'The Gadget "large" is invalid: spec: Invalid value: too large',
      },
      {
        run: "kubectl apply -f typo.yaml",
        code: 1,
        warns:
          'Error from server (BadRequest): error when creating "typo.yaml": Gadget in ' +
          'version "v1" ' +
          'cannot be handled as a Gadget: strict decoding error: unknown field "spec.colour"',
      },
      {
        run: "kubectl apply -f none.yaml",
        code: 1,
        warns: [
          /^The Gadget "none" is invalid: \n\* spec\.size: Required value\n/,
          /\n\* <nil>: Invalid value: null: some validation rules were not checked because the /,
          /object /,
        ],
      },
      {
        run: "kubectl explain gadget.spec",
        says: [
          /^GROUP: +example\.com\nKIND: +Gadget\nVERSION: +v1\n\nFIELD: spec <Object>\n/,
          /\n {2}size\t<integer> -required-\n {4}How large it is\.\n/,
        ],
        until: true,
      },
      {
        run: "kubectl explain gd --recursive",
        says: [/\n {2}spec\t<Object>\n {4}color\t<string>\n/],
      },
      { run: "kubectl scale gadget one --replicas=4", says: "gadget.example.com/one scaled" },
      { run: "kubectl get gadget one -o jsonpath='{.spec.replicas}'", says: "4" },
      {
        run:
          "kubectl patch gadget one --subresource=status --type=merge -p " +
          '\'{"status":{"phase":"Ready"},"spec":{"size":9}}\'',
        says: "gadget.example.com/one patched",
      },
      {
        run:
          "kubectl get gadget one -o jsonpath='{.status.phase} {.spec.size} " +
          "{.metadata.generation}'",
        says: "Ready 3 2",
      },
      {
        run: "kubectl wait --for=jsonpath='{.status.phase}'=Ready gadget/one",
        says: "gadget.example.com/one condition met",
      },
      {
        run: 'kubectl patch gadget one -p \'{"spec":{"size":4}}\'',
        code: 1,
        warns:
          "error: application/strategic-merge-patch+json is not supported by " +
          "example.com/v1, Kind=Gadget: the body of the request was in an unknown format - " +
          "accepted media types include: application/json-patch+json, " +
          "application/merge-patch+json, application/apply-patch+yaml",
      },
      {
        run: "kubectl apply --server-side --force-conflicts -f one.yaml",
        says: "gadget.example.com/one serverside-applied",
      },
      {
        run: "kubectl describe gadget one",
        says: [
          /^Name: +one\nNamespace: +custom\n/,
          /\nKind: +Gadget\n/,
          /\nSpec:\n {2}Replicas: +4\n {2}Size: +3\nStatus:\n {2}Phase: +Ready\n/,
        ],
      },
      { run: "kubectl diff -f one.yaml", says: "" },
      { run: "kubectl auth can-i delete gadgets", says: "yes" },
      {
        run: "kubectl get crd gadgets.example.com",
        says: /^NAME +CREATED AT\ngadgets\.example\.com +\d{4}-/,
      },
      { run: "kubectl delete gadget one", says: /^gadget\.example\.com "one" deleted/ },
      {
        run: "kubectl delete -f crd.yaml",
        says: /^customresourcedefinition\.apiextensions\.k8s\.io "gadgets\.example\.com" deleted/,
      },
      {
        run: "kubectl get gadgets --cache-dir=fresh",
        code: 1,
        warns: /^error: the server doesn't have a resource type "gadgets"\n$/,
        until: true,
      },
    ],
  },
];
