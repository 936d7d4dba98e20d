/** Objects declared in files: `apply` in all its ways, `diff`, `replace`, `edit`, `delete`. */
import type { Group } from "../line.ts";

const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: config, labels: {app: x}}
data: {a: "1", b: "2"}
`;

const SHOP = `apiVersion: v1
kind: ConfigMap
metadata: {name: shop, labels: {part-of: shop}}
data: {open: "yes"}
---
apiVersion: v1
kind: Service
metadata: {name: shop, labels: {part-of: shop}}
spec: {selector: {app: shop}, ports: [{port: 80}]}
`;

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: site}
spec:
  replicas: 2
  selector: {matchLabels: {app: site}}
  template:
    metadata: {labels: {app: site}}
    spec:
      containers: [{name: web, image: "web:1", env: [{name: A, value: "1"}]}]
`;

export const APPLY: readonly Group[] = [
  {
    name: "apply",
    files: {
      "config.yaml": CONFIG,
      "changed.yaml": CONFIG.replace('"2"', '"3"'),
      "less.yaml": CONFIG.replace(', b: "2"', ""),
      "shop.yaml": SHOP,
      "shop-half.yaml": SHOP.split("---\n")[0] ?? "",
      "typo.yaml": CONFIG.replace("\ndata:", "\ndatas:").replace("config", "typo"),
      "twice.yaml": CONFIG.replace("config", "twice") + 'data: {a: "3"}\n',
      "wrong.yaml": CONFIG.replace('"1"', "1").replace("config", "wrong"),
      "unknown.yaml": "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n",
      "site.yaml": DEPLOYMENT,
    },
    lines: [
      {
        run: "kubectl diff -f config.yaml",
        code: 1,
        says: [/^diff -u -N /, /\n\+kind: ConfigMap\n/],
      },
      { run: "kubectl apply -f config.yaml --dry-run=client", says: /config created \(dry run\)/ },
      {
        run: "kubectl apply -f config.yaml --dry-run=server",
        says: "configmap/config created (server dry run)",
      },
      {
        run: "kubectl get configmap config",
        code: 1,
        warns: 'Error from server (NotFound): configmaps "config" not found',
      },
      { run: "kubectl apply -f config.yaml", says: "configmap/config created" },
      { run: "kubectl apply -f config.yaml", says: "configmap/config unchanged" },
      { run: "kubectl diff -f config.yaml", says: "" },
      {
        run: "kubectl diff -f changed.yaml",
        code: 1,
        says: [/\n- {2}b: "2"\n\+ {2}b: "3"\n/],
      },
      { run: "kubectl apply -f changed.yaml", says: "configmap/config configured" },
      { run: "kubectl apply -f less.yaml", says: "configmap/config configured" },
      { run: "kubectl get configmap config -o jsonpath='{.data}'", says: '{"a":"1"}' },
      {
        run: "kubectl apply view-last-applied configmap config -o json | tr -d ' \\n'",
        says: /^\{"apiVersion":"v1","data":\{"a":"1"\},"kind":"ConfigMap","metadata":\{/,
      },
      {
        run: "kubectl create configmap plain --from-literal=a=b",
        says: "configmap/plain created",
      },
      {
        run: "kubectl get configmap plain -o yaml | sed 's/a: b/a: c/' | kubectl apply -f -",
        says: "configmap/plain configured",
        warns: [
          /^Warning: resource configmaps\/plain is missing the /,
          /kubectl\.kubernetes\.io\/last-applied-/,
          /-configuration annotation which is required by kubectl apply\./,
        ],
      },
      { run: "kubectl apply -f shop.yaml", says: "configmap/shop created\nservice/shop created" },
      {
        run:
          "kubectl apply -f shop-half.yaml --prune -l part-of=shop " +
          "--prune-allowlist=core/v1/Service " +
          "--prune-allowlist=core/v1/ConfigMap",
        says: "configmap/shop unchanged\nservice/shop pruned",
      },
      {
        run: "kubectl apply -f typo.yaml",
        code: 1,
        warns:
          'Error from server (BadRequest): error when creating "typo.yaml": ConfigMap in ' +
          'version "v1" ' +
          'cannot be handled as a ConfigMap: strict decoding error: unknown field "datas"',
      },
      {
        run: "kubectl apply -f typo.yaml --validate=warn",
        says: "configmap/typo created",
        warns: 'Warning: unknown field "datas"',
      },
      {
        run: "kubectl delete configmap typo",
        says: /^configmap "typo" deleted/,
      },
      { run: "kubectl apply -f typo.yaml --validate=ignore", says: "configmap/typo created" },
      {
        run: "kubectl apply -f wrong.yaml",
        code: 1,
        warns: [
          /^Error from server \(BadRequest\): error when creating "wrong\.yaml": ConfigMap in /,
          /version /,
          /"v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct /,
          /field /,
          /field ConfigMap\.data of type string/,
        ],
      },
      {
        run: "kubectl apply -f unknown.yaml",
        code: 1,
        warns:
          'error: resource mapping not found for name: "a" namespace: "" from "unknown.yaml": ' +
          'no matches for kind "Thing" in version "example.com/v1"\n' +
          "ensure CRDs are installed first",
      },
      { run: "kubectl apply -f site.yaml", says: "deployment.apps/site created" },
      { run: "kubectl apply -f site.yaml", says: "deployment.apps/site unchanged" },
      {
        run: 'sed \'s/web:1/web:2/; s/value: "1"/value: "2"/\' site.yaml | kubectl diff -f -',
        code: 1,
        says: [
          /\n- {2}generation: 1\n\+ {2}generation: 2\n/,
          /\n- {10}value: "1"\n- {8}image: web:1\n\+ {10}value: "2"\n\+ {8}image: web:2\n/,
        ],
      },
      { run: "kubectl delete -f site.yaml", says: /^deployment\.apps "site" deleted/ },
      {
        run: "kubectl delete -f site.yaml",
        code: 1,
        warns:
          'Error from server (NotFound): error when deleting "site.yaml": deployments.apps ' +
          '"site" ' +
          "not found",
      },
      { run: "kubectl delete -f site.yaml --ignore-not-found", says: "" },
    ],
  },
  {
    name: "server-side",
    files: {
      "config.yaml": CONFIG,
      "other.yaml": CONFIG.replace('a: "1", b: "2"', 'a: "9"'),
      "set.yaml": SHOP,
      "set-half.yaml": SHOP.split("---\n")[0] ?? "",
    },
    lines: [
      {
        run: "kubectl apply --server-side -f config.yaml",
        says: "configmap/config serverside-applied",
      },
      {
        run:
          "kubectl get configmap config -o jsonpath='" +
          "{.metadata.managedFields[*].manager} {.metadata.managedFields[*].operation}'",
        says: "kubectl Apply",
      },
      {
        run: "kubectl apply --server-side --field-manager=other -f other.yaml",
        code: 1,
        warns: [
          /^error: Apply failed with 1 conflict: conflict with "kubectl": \.data\.a\n/,
          /\nPlease review the fields above--they currently have other managers\. Here\n/,
        ],
      },
      {
        run: "kubectl apply --server-side --field-manager=other --force-conflicts -f other.yaml",
        says: "configmap/config serverside-applied",
      },
      { run: "kubectl get configmap config -o jsonpath='{.data}'", says: '{"a":"9","b":"2"}' },
      {
        run: "kubectl diff --server-side -f config.yaml",
        code: 2,
        warns:
          /Error from server \(Conflict\): Apply failed with 1 conflict: conflict with "other": \./,
      },
      {
        run: "kubectl diff --server-side --force-conflicts -f config.yaml",
        code: 1,
        says: /\n- {2}a: "9"\n\+ {2}a: "1"\n/,
      },
      {
        run: "kubectl get configmap config --show-managed-fields -o yaml",
        says: [/\n {4}fieldsType: FieldsV1\n/, /\n {8}f:a: \{\}\n/, /\n {4}manager: other\n/],
      },
      { run: "kubectl get configmap config -o yaml | grep -c managedFields", code: 1, says: "0" },
      {
        run: "sed 's/name: config/name: moved/' config.yaml | kubectl apply -f -",
        says: "configmap/moved created",
      },
      {
        run: "kubectl get configmap moved -o jsonpath='{.metadata.managedFields[*].manager}'",
        says: "kubectl-client-side-apply",
      },
      {
        run:
          "sed 's/name: config/name: moved/; s/, b: \"2\"//' config.yaml | " +
          "kubectl apply --server-side -f -",
        says: "configmap/moved serverside-applied",
      },
      {
        run:
          "kubectl get configmap moved -o jsonpath='" +
          "{.metadata.managedFields[*].manager} {.metadata.managedFields[*].operation} {.data}'",
        says: 'kubectl-last-applied kubectl Apply Apply {"a":"1"}',
      },
      {
        run: "KUBECTL_APPLYSET=true kubectl apply -n $NS --prune --applyset=parts -f set.yaml",
        says: "configmap/shop created\nservice/shop created",
      },
      {
        run:
          "kubectl get secret parts " +
          "-o jsonpath='{.metadata.annotations.applyset\\.kubernetes\\.io/contains-group-kinds}'",
        says: "ConfigMap,Service",
      },
      {
        run: "KUBECTL_APPLYSET=true kubectl apply -n $NS --prune --applyset=parts -f set-half.yaml",
        says: "configmap/shop unchanged\nservice/shop pruned",
      },
    ],
  },
  {
    name: "edits",
    files: { "config.yaml": CONFIG, "site.yaml": DEPLOYMENT },
    lines: [
      { run: "kubectl create -f config.yaml", says: "configmap/config created" },
      {
        run: "kubectl create -f config.yaml",
        code: 1,
        warns:
          'Error from server (AlreadyExists): error when creating "config.yaml": ' +
          'configmaps "config" ' +
          "already exists",
      },
      {
        run: 'KUBE_EDITOR="sed -i s/b:/c:/" kubectl edit configmap config',
        says: "configmap/config edited",
      },
      { run: "kubectl get configmap config -o jsonpath='{.data}'", says: '{"a":"1","c":"2"}' },
      {
        run: "KUBE_EDITOR=true kubectl edit configmap config",
        warns: "Edit cancelled, no changes made.",
      },
      {
        run: "kubectl replace -f config.yaml",
        says: "configmap/config replaced",
      },
      {
        run: 'kubectl get configmap config -o json | sed \'s/"resourceVersion": "/&1/\' > old.json',
      },
      {
        run: "kubectl replace -f old.json",
        code: 1,
        warns: [
          /^Error from server \(Conflict\): error when replacing "old\.json": Operation cannot be /,
          /fulfilled on configmaps "config": the object has been modified; please apply your /,
          /changes /,
        ],
      },
      {
        run: "sed 's/name: config/name: none/' config.yaml | kubectl replace -f -",
        code: 1,
        warns:
          'Error from server (NotFound): error when replacing "STDIN": configmaps "none" not found',
      },
      {
        run: "kubectl replace --force -f config.yaml",
        says: /^configmap "config" deleted.*\nconfigmap\/config replaced\n$/,
      },
      {
        run: "sed 's/name: config/name: fixed, uid: x/' config.yaml | kubectl replace -f -",
        code: 1,
        warns: /error when replacing "STDIN"/,
      },
      {
        run: "printf 'immutable: true\\n' | cat config.yaml - | kubectl apply -f -",
        says: "configmap/config configured",
        warns: /^Warning: resource configmaps\/config is missing/,
      },
      {
        run: 'kubectl patch configmap config -p \'{"data":{"a":"5"}}\'',
        code: 1,
        warns:
          'The ConfigMap "config" is invalid: data: Forbidden: field is immutable when ' +
          "`immutable` is " +
          "set",
      },
      { run: "kubectl create -f site.yaml", says: "deployment.apps/site created" },
      {
        run: 'kubectl patch deployment site -p \'{"spec":{"replicas":1}}\'',
        says: "deployment.apps/site patched",
      },
      {
        run: 'kubectl patch configmap config -p \'{"data":{"a":"1"}}\'',
        says: "configmap/config patched (no change)",
      },
      {
        run:
          'kubectl patch deployment site -p \'{"spec":{"template":{"spec":{"containers":' +
          '[{"name":"web","env":[{"name":"B","value":"2"}]}]}}}}\'',
        says: "deployment.apps/site patched",
      },
      {
        run:
          "kubectl get deployment site -o jsonpath='" +
          "{.spec.template.spec.containers[*].image} " +
          "{.spec.template.spec.containers[*].env[*].name}'",
        says: /^web:1 (A B|B A)$/,
      },
      {
        run:
          'kubectl patch deployment site --type=merge -p \'{"spec":{"template":{"spec":' +
          '{"containers":[{"name":"only","image":"web:2"}]}}}}\'',
        says: "deployment.apps/site patched",
      },
      {
        run:
          "kubectl patch deployment site --type=json -p " +
          '\'[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"web:1"}]\'',
        says: "deployment.apps/site patched",
      },
      {
        run:
          "kubectl patch deployment site --type=json -p " +
          '\'[{"op":"remove","path":"/spec/nope"}]\'',
        code: 1,
        warns:
          "The request is invalid: the server rejected our request due to an error in our request",
      },
      {
        run:
          "kubectl patch deployment site --subresource=scale --type=merge -p " +
          '\'{"spec":{"replicas":3}}\'',
        says: "scale.autoscaling/site patched",
      },
      {
        run: "kubectl get deployment site --subresource=status -o jsonpath='{.spec.replicas}'",
        says: "3",
      },
      {
        run:
          "kubectl patch deployment site --subresource=status --type=merge " +
          '-p \'{"status":{"conditions":[{"type":"Mine","status":"True"}]},"spec":{"replica' +
          "s\":9}}'",
        says: "deployment.apps/site patched",
      },
      { run: "kubectl get deployment site -o jsonpath='{.spec.replicas}'", says: "3" },
      {
        run:
          "kubectl patch deployment site -p " +
          '\'{"spec":{"selector":{"matchLabels":{"app":"y"}}}}\'',
        code: 1,
        warns: [
          /^The Deployment "site" is invalid: \n/,
          /\n\* spec\.template\.metadata\.labels: Invalid value: /,
          /\* spec\.selector: Invalid value: .*: field is immutable/,
        ],
      },
      {
        run: 'kubectl patch -f site.yaml -p \'{"metadata":{"annotations":{"a":"b"}}}\' -o name',
        says: "deployment.apps/site",
      },
      {
        run: "kubectl patch deployment site --local -f site.yaml -p '{}'",
        code: 1,
        warns: /^error: /,
      },
      {
        run: "kubectl set image deployment/site only=web:2",
        says: "deployment.apps/site image updated",
      },
      { run: "kubectl set env deployment/site C=3", says: "deployment.apps/site env updated" },
      {
        run: "kubectl set env deployment/site --list",
        says: "# Deployment site, container only\nC=3",
      },
      {
        run: "kubectl set resources deployment/site --limits=cpu=1 --requests=cpu=100m",
        says: "deployment.apps/site resource requirements updated",
      },
      {
        run: "kubectl set resources deployment/site --limits=cpu=50m",
        code: 1,
        warns:
          /resources\.requests: Invalid value: "100m": must be less than or equal to cpu limit/,
      },
      {
        run: "kubectl set serviceaccount deployment/site default",
        says: "deployment.apps/site serviceaccount updated",
      },
    ],
  },
  {
    name: "kustomize",
    files: {
      "base/kustomization.yaml": "resources: [config.yaml]\n",
      "base/config.yaml": CONFIG,
      "kustomization.yaml":
        "resources: [base]\nnamePrefix: my-\nlabels: [{pairs: {team: a}}]\n" +
        "configMapGenerator: [{name: made, literals: [k=v]}]\n",
    },
    lines: [
      { run: "kubectl kustomize .", says: [/\n {2}name: my-config\n/, /name: my-made-\w{10}\n/] },
      {
        run: "kubectl apply -k .",
        says: /^configmap\/my-config created\nconfigmap\/my-made-\w{10} created\n$/,
      },
      { run: "kubectl diff -k .", says: "" },
      {
        run: "kubectl get -k . -o name",
        says: /^configmap\/my-config\nconfigmap\/my-made-\w{10}\n$/,
      },
      { run: "kubectl delete -k .", says: /^configmap "my-config" deleted.*\nconfigmap "my-made-/ },
    ],
  },
];
