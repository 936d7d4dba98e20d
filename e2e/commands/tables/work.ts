/** Things done to what runs: rollouts, scales, waits, nodes, deletions, budgets. */
import type { Group } from "../line.ts";

export const WORK: readonly Group[] = [
  {
    name: "rollouts",
    lines: [
      {
        run: "kubectl create deployment web --image=web:1 --replicas=2",
        says: "deployment.apps/web created",
      },
      {
        run: "kubectl rollout status deployment/web",
        says: /(^|\n)deployment "web" successfully rolled out\n$/,
      },
      {
        run: "kubectl wait --for=condition=Available deployment/web",
        says: "deployment.apps/web condition met",
      },
      {
        run: "kubectl wait --for=jsonpath='{.status.readyReplicas}'=2 deployment/web",
        says: "deployment.apps/web condition met",
      },
      {
        run: "kubectl wait --for=condition=Ready pods --all --timeout=20s",
        says: /^(pod\/web-\S+ condition met\n){2}$/,
      },
      {
        run: "kubectl wait --for=condition=Nope deployment/web --timeout=1s",
        code: 1,
        warns: "error: timed out waiting for the condition on deployments/web",
      },
      { run: "kubectl wait --for=delete deployment/none --timeout=1s", says: "" },
      {
        run:
          "kubectl wait --for=create deployment/later --timeout=20s & sleep 0.5; kubectl " +
          "create deployment later --image=web:1 --replicas=0; wait $!",
        says: /deployment\.apps\/later condition met\n/,
      },
      {
        run: "kubectl annotate deployment web kubernetes.io/change-cause=first",
        says: "deployment.apps/web annotated",
      },
      {
        run: "kubectl set image deployment/web web=web:2",
        says: "deployment.apps/web image updated",
      },
      {
        run: "kubectl rollout status deployment/web --timeout=30s",
        says: /successfully rolled out\n$/,
      },
      {
        run: "kubectl rollout history deployment/web",
        says: /^deployment\.apps\/web *\nREVISION +CHANGE-CAUSE\n1 +first\n2 +first\n\n$/,
      },
      {
        run: "kubectl rollout history deployment/web --revision=2",
        says: [/^deployment\.apps\/web with revision #2\nPod Template:\n/, /\n {4}Image:\tweb:2\n/],
      },
      { run: "kubectl rollout undo deployment/web", says: "deployment.apps/web rolled back" },
      {
        run: "kubectl rollout status deployment/web --timeout=30s",
        says: /successfully rolled out\n$/,
      },
      {
        run: "kubectl get deployment web -o jsonpath='{.spec.template.spec.containers[0].image}'",
        says: "web:1",
      },
      {
        run: "kubectl rollout undo deployment/web --to-revision=3",
        says: "deployment.apps/web skipped rollback (current template already matches revision 3)",
      },
      {
        run: "kubectl rollout undo deployment/web --to-revision=9",
        code: 1,
        warns: "error: unable to find specified revision 9 in history",
      },
      { run: "kubectl rollout pause deployment/web", says: "deployment.apps/web paused" },
      {
        run: "kubectl rollout pause deployment/web",
        code: 1,
        warns: 'error: deployments.apps "web" is already paused',
      },
      {
        run: "kubectl rollout restart deployment/web",
        code: 1,
        warns: /can't restart paused deployment \(run rollout resume first\)/,
      },
      { run: "kubectl rollout resume deployment/web", says: "deployment.apps/web resumed" },
      { run: "kubectl rollout restart deployment/web", says: "deployment.apps/web restarted" },
      {
        run: "kubectl rollout status deployment/web --timeout=30s",
        says: /successfully rolled out\n$/,
      },
      { run: "kubectl scale deployment/web --replicas=3", says: "deployment.apps/web scaled" },
      {
        run: "kubectl scale deployment/web --current-replicas=7 --replicas=1",
        code: 1,
        warns: "error: Expected replicas to be 7, was 3",
      },
      {
        run:
          "kubectl wait --for=jsonpath='{.status.availableReplicas}'=3 deployment/web " +
          "--timeout=20s",
        says: /met/,
      },
      { run: "kubectl get deployments", says: /\nweb +3\/3 +3 +3 +\d+s\n$/ },
      {
        run: "kubectl get replicasets -l app=web",
        says: /^NAME +DESIRED +CURRENT +READY +AGE\n(web-\w+ +[03] +[03] +[03] +\S+\n){3}$/,
      },
      {
        run: "kubectl scale --replicas=0 deployment/web deployment/later",
        says: "deployment.apps/web scaled\ndeployment.apps/later scaled",
      },
      { run: "kubectl wait --for=delete pods -l app=web --timeout=20s", says: /.*/s },
    ],
  },
  {
    name: "deletions",
    files: {
      "finalized.yaml":
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, finalizers: [example.com/hold]}\n",
    },
    lines: [
      {
        run: "for d in a b c d; do kubectl create deployment $d --image=web:1; done",
        says: /d created\n$/,
      },
      {
        run: "kubectl wait --for=condition=Available deployment --all --timeout=20s",
        says: /d condition met\n$/,
      },
      { run: "kubectl delete deployment a", says: /^deployment\.apps "a" deleted/ },
      { run: "kubectl get replicasets,pods -l app=a", warns: /^No resources found/, until: true },
      {
        run: "kubectl delete deployment b --cascade=orphan",
        says: /^deployment\.apps "b" deleted/,
      },
      {
        run: "kubectl get replicasets -l app=b -o jsonpath='{.items[*].metadata.ownerReferences}'",
        says: "",
        until: true,
      },
      { run: "kubectl get replicasets -l app=b -o name", says: /^replicaset\.apps\/b-\w+\n$/ },
      {
        run: "kubectl delete deployment c --cascade=foreground",
        says: /^deployment\.apps "c" deleted/,
      },
      { run: "kubectl get replicasets -l app=c", warns: /^No resources found/ },
      {
        run: "kubectl delete deployment d --dry-run=server",
        says: /^deployment\.apps "d" deleted.*\(server dry run\)\n$/,
      },
      {
        run: "kubectl delete deployment d --wait=false --now",
        says: /^deployment\.apps "d" deleted/,
      },
      { run: "kubectl delete replicasets --all", says: /^replicaset\.apps "b-\w+" deleted/ },
      { run: "kubectl create -f finalized.yaml", says: "configmap/held created" },
      {
        run: "kubectl delete configmap held --timeout=1s",
        code: 1,
        says: /^configmap "held" deleted/,
        warns: "error: timed out waiting for the condition on configmaps/held",
      },
      {
        run: "kubectl get configmap held -o jsonpath='{.metadata.deletionTimestamp}'",
        says: /^\d{4}-/,
      },
      {
        run:
          "kubectl patch configmap held --type=json -p " +
          '\'[{"op":"add","path":"/metadata/finalizers/-","value":"example.com/more"}]\'',
        code: 1,
        warns: [
          /^The ConfigMap "held" is invalid: metadata\.finalizers: Forbidden: no new finalizers /,
          /can be added if the object is being deleted, found new finalizers /,
        ],
      },
      {
        run: 'kubectl patch configmap held -p \'{"metadata":{"finalizers":null}}\'',
        says: "configmap/held patched",
      },
      { run: "kubectl get configmap held --ignore-not-found", says: "" },
      {
        run:
          "kubectl create configmap x && kubectl create configmap y && kubectl delete cm x y " +
          "none",
        code: 1,
        says: /"x" deleted.*\nconfigmap "y" deleted/,
        warns: 'Error from server (NotFound): configmaps "none" not found',
      },
      {
        run: "kubectl create namespace $NS-gone && kubectl create configmap x -n $NS-gone",
        says: /x created/,
      },
      { run: "kubectl delete namespace $NS-gone", says: 'namespace "deletions-gone" deleted' },
      { run: "kubectl get configmap x -n $NS-gone", code: 1, warns: /NotFound/ },
      {
        run: "kubectl delete namespace default",
        code: 1,
        warns:
          'Error from server (Forbidden): namespaces "default" is forbidden: this ' +
          "namespace may not be deleted",
      },
      {
        run: "kubectl create configmap x -n none",
        code: 1,
        warns: 'error: failed to create configmap: namespaces "none" not found',
      },
    ],
  },
  {
    name: "nodes",
    files: {
      "node.yaml": "apiVersion: v1\nkind: Node\nmetadata: {name: drained}\n",
      "pod.yaml":
        "apiVersion: v1\nkind: Pod\nmetadata: {name: guarded, labels: {app: guarded}}\n" +
        "spec: {nodeName: drained, containers: [{name: web, image: 'web:1'}]}\n",
    },
    lines: [
      { run: "kubectl create -f node.yaml", says: "node/drained created" },
      {
        run: "kubectl get nodes",
        says: [
          /^NAME +STATUS +ROLES +AGE +VERSION\ndrained +Unknown +<none> +\d+s +\n/,
          /\nnode-1 +Ready +<none> +\S+ +v/,
        ],
      },
      { run: "kubectl cordon drained", says: "node/drained cordoned" },
      { run: "kubectl cordon drained", says: "node/drained already cordoned" },
      {
        run: "kubectl get node drained --no-headers",
        says: /^drained +(Unknown|NotReady),SchedulingDisabled /,
      },
      { run: "kubectl uncordon drained", says: "node/drained uncordoned" },
      { run: "kubectl taint node drained a=b:NoSchedule", says: "node/drained tainted" },
      {
        run: "kubectl taint node drained a=b:NoSchedule",
        code: 1,
        warns:
          "error: node drained already has a taint(s) with same effect(s) and --overwrite is false",
      },
      {
        run: "kubectl taint node drained a=c:NoSchedule --overwrite",
        says: "node/drained modified",
      },
      { run: "kubectl taint node drained a-", says: "node/drained untainted" },
      {
        run: "kubectl label node drained node-role.kubernetes.io/worker=",
        says: "node/drained labeled",
      },
      { run: "kubectl get node drained --no-headers", says: /^drained +\S+ +worker / },
      { run: "kubectl create -f pod.yaml", says: "pod/guarded created" },
      {
        run: "kubectl drain drained --timeout=2s",
        code: 1,
        says: /^node\/drained cordoned\n/,
        warns: /cannot delete .* that declare no controller \(use --force to override\): nodes\/g/,
      },
      { run: "kubectl create pdb guard --selector=app=guarded --min-available=1", says: /created/ },
      {
        run:
          "kubectl patch pod guarded --subresource=status -p " +
          '\'{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}\'',
        says: "pod/guarded patched",
      },
      {
        run:
          "kubectl patch pdb guard --subresource=status --type=merge -p " +
          '\'{"status":{"observedGeneration":1,"disruptionsAllowed":0,"currentHealthy":1,"des' +
          'iredHealthy":1,"expectedPods":1}}\'',
        says: /patched/,
      },
      {
        run: "kubectl drain drained --force --timeout=2s",
        code: 1,
        says: [/^node\/drained already cordoned\n/, /evicting pod nodes\/guarded\n/],
        warns: [
          /^Warning: deleting Pods that declare no controller: nodes\/guarded\n/,
          /error when evicting pods\/"guarded" -n "nodes" \(will retry after 5s\): Cannot evict /,
          /pod as it would violate the pod's disruption budget\./,
        ],
      },
      { run: "kubectl delete pdb guard", says: /deleted/ },
      {
        run: "kubectl drain drained --force --grace-period=0 --timeout=10s",
        says: /pod\/guarded evicted\nnode\/drained drained\n$/,
        warns: /^Warning: deleting Pods/,
      },
      { run: "kubectl delete node drained", says: 'node "drained" deleted' },
    ],
  },
];
