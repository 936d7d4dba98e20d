/** The chart that `helm create` makes, through the life of a release. */
import type { Group } from "../line.ts";

/** What of the chart's values lets it run here: an application of a node's image directory. */
const VALUES = `image: {repository: web, tag: "1"}
service: {port: 8080}
readinessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 1}
livenessProbe: null
`;

const HOOK = `apiVersion: v1
kind: ConfigMap
metadata:
  name: "{{ .Release.Name }}-hook"
  annotations: {"helm.sh/hook": "pre-install,pre-upgrade"}
data: {revision: "{{ .Release.Revision }}"}
`;

export const HELM_LINES: readonly Group[] = [
  {
    name: "helm",
    files: { "values.yaml": VALUES, "hook.yaml": HOOK },
    lines: [
      { run: "helm create shop", says: "Creating shop" },
      {
        run:
          "cp hook.yaml shop/templates && sed -i \"s/image: busybox/image: 'web:1'/; " +
          "s/\\['wget'\\]/['sh', '-c']/; s/args: .*/args: ['echo tested']/\" " +
          "shop/templates/tests/test-connection.yaml",
        says: "",
      },
      { run: "helm lint shop -f values.yaml", says: /1 chart\(s\) linted, 0 chart\(s\) failed/ },
      {
        run: "helm template first shop -f values.yaml",
        says: [/\nkind: Deployment\n/, /\n {10}image: "web:1"\n/],
      },
      {
        run: "helm install first shop -f values.yaml --dry-run=server",
        says: [/^NAME: first\n/, /\nSTATUS: pending-install\n/, /\nkind: Deployment\n/],
      },
      { run: "kubectl get deployments", warns: "No resources found in helm namespace." },
      {
        run: "helm install first shop -f values.yaml --wait --timeout 30s",
        says: [
          /^NAME: first\nLAST DEPLOYED: /,
          /\nNAMESPACE: helm\nSTATUS: deployed\nREVISION: 1\n/,
        ],
      },
      {
        run: "kubectl get deployments",
        says: /\nfirst-shop +1\/1 +1 +1 +\d+s\n$/,
      },
      {
        run: "kubectl get secret sh.helm.release.v1.first.v1 -o jsonpath='{.type}'",
        says: "helm.sh/release.v1",
      },
      {
        run: "helm install first shop -f values.yaml",
        code: 1,
        warns: /cannot (reuse|re-use) a name that is still in use/,
      },
      {
        run: "helm list",
        says: [/^NAME\s+NAMESPACE\s+REVISION\s+UPDATED\s+STATUS\s+CHART\s/, /\nfirst\s+helm\s+1\s/],
      },
      { run: "helm list -A -o json", says: /"name":"first","namespace":"helm","revision":"1"/ },
      { run: "helm status first", says: /\nSTATUS: deployed\nREVISION: 1\n/ },
      { run: "helm get values first", says: /^USER-SUPPLIED VALUES:\nimage:\n/ },
      { run: "helm get manifest first", says: /\nkind: Deployment\n/ },
      { run: "helm get hooks first", says: /\nkind: ConfigMap\n/ },
      {
        run: "helm get all first",
        says: [/^NAME: first\n/, /\nCOMPUTED VALUES:\n/, /\nHOOKS:\n/, /\nMANIFEST:\n/],
      },
      {
        run: "helm get metadata first",
        says: /\nNAMESPACE: helm\nREVISION: 1\nSTATUS: deployed\n/,
      },
      {
        run: "helm test first --logs --timeout 30s",
        says: [/\nTEST SUITE: +first-shop-test-connection\n/, /\nPhase: +Succeeded\n/, /tested/],
      },
      {
        run:
          "helm upgrade first shop -f values.yaml --set replicaCount=2 --set image.tag=2 " +
          "--wait --timeout 40s",
        says: [/^Release "first" has been upgraded\. Happy Helming!\n/, /\nREVISION: 2\n/],
      },
      { run: "kubectl get configmap first-hook -o jsonpath='{.data.revision}'", says: "2" },
      {
        run:
          "kubectl get deployment first-shop -o jsonpath='" +
          "{.status.readyReplicas} {.spec.template.spec.containers[0].image}'",
        says: "2 web:2",
      },
      {
        run: "helm upgrade first shop --reuse-values --set service.port=99999",
        code: 1,
        warns: /must be (between 1 and 65535|a valid port number)/,
      },
      {
        run: "helm history first",
        says: [
          /^REVISION\s+UPDATED\s+STATUS\s+CHART\s+APP VERSION\s+DESCRIPTION *\n/,
          /\n1\s.*superseded\s.*Install complete *\n/,
          /\n2\s.*deployed\s.*Upgrade complete *\n/,
          /\n3\s.*failed\s.*Upgrade "first" failed: /,
        ],
      },
      {
        run: "helm rollback first 1 --wait --timeout 40s",
        says: "Rollback was a success! Happy Helming!",
      },
      {
        run:
          "kubectl get deployment first-shop -o jsonpath='" +
          "{.status.readyReplicas} {.spec.template.spec.containers[0].image}'",
        says: "1 web:1",
      },
      {
        run:
          "helm upgrade --install second shop -f values.yaml --set replicaCount=0 " +
          "--server-side=false",
        says: [/^Release "second" does not exist\. Installing it now\.\n/, /\nREVISION: 1\n/],
      },
      {
        run:
          "helm upgrade second shop -f values.yaml --set replicaCount=1 " +
          "--wait=legacy --timeout 30s",
        says: /\nREVISION: 2\n/,
      },
      {
        run: "helm install third shop -f values.yaml --set image.tag=none --wait --timeout 2s",
        code: 1,
        warns: /Error: INSTALLATION FAILED: /,
      },
      { run: "helm list --failed -q", says: "third" },
      { run: "helm uninstall third", says: 'release "third" uninstalled' },
      {
        run: "helm install other shop -f values.yaml -n $NS-new --create-namespace",
        says: /helm-new/,
      },
      { run: "helm uninstall other -n $NS-new", says: 'release "other" uninstalled' },
      {
        run: "helm uninstall first second --wait --timeout 30s",
        says: 'release "first" uninstalled\nrelease "second" uninstalled',
      },
      { run: "kubectl get deployments,services -o name", says: "" },
      {
        run: "helm status first",
        code: 1,
        warns: /^Error: release: not found/,
      },
    ],
  },
];
