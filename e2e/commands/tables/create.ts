/** Objects made from flags: `create` and its generators, `run`, `expose`, `autoscale`. */
import type { Group } from "../line.ts";

export const CREATE: readonly Group[] = [
  {
    name: "generators",
    files: { "app.properties": "color=blue\nsize=3\n", "app.env": "A=1\nB=two words\n" },
    lines: [
      {
        run: "kubectl create configmap literal --from-literal=a=b --from-literal=c=d",
        says: "configmap/literal created",
      },
      { run: "kubectl create configmap file --from-file=app.properties", says: /created/ },
      { run: "kubectl create configmap env --from-env-file=app.env", says: /created/ },
      {
        run: "kubectl get configmap file -o jsonpath='{.data.app\\.properties}'",
        says: "color=blue\nsize=3",
      },
      { run: "kubectl get configmap env -o jsonpath='{.data.B}'", says: "two words" },
      {
        run: "kubectl create configmap literal --from-literal=a=b",
        code: 1,
        warns: 'error: failed to create configmap: configmaps "literal" already exists',
      },
      {
        run: "kubectl create configmap Upper --from-literal=a=b",
        code: 1,
        warns: [
          /^error: failed to create configmap: ConfigMap "Upper" is invalid: metadata\.name: /,
          /Invalid/,
          /value: "Upper": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric/,
        ],
      },
      {
        run: "kubectl create secret generic plain --from-literal=k=v",
        says: "secret/plain created",
      },
      { run: "kubectl get secret plain -o jsonpath='{.type} {.data.k}'", says: "Opaque dg==" },
      {
        run:
          "kubectl create secret docker-registry pull --docker-server=r.example " +
          "--docker-username=me --docker-password=pw --docker-email=me@example.com",
        says: "secret/pull created",
      },
      {
        run: "kubectl get secret pull",
        says: /^NAME\s+TYPE\s+DATA\s+AGE\npull\s+kubernetes\.io\/dockerconfigjson\s+1\s+\d+s\n$/,
      },
      {
        run:
          "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 1 " +
          "-subj /CN=example.com 2>/dev/null && " +
          "kubectl create secret tls web --cert=cert.pem --key=key.pem",
        says: "secret/web created",
      },
      { run: "kubectl get secret web -o jsonpath='{.type}'", says: "kubernetes.io/tls" },
      {
        run: "kubectl create secret generic bad --type=kubernetes.io/tls --from-literal=a=b",
        code: 1,
        warns: [
          /Secret "bad" is invalid: *\n?.*data\[tls\.crt\]: Required value/,
          /data\[tls\.key\]: Required value/,
        ],
      },
      { run: "kubectl create namespace $NS-other", says: "namespace/generators-other created" },
      {
        run: "kubectl create namespace $NS-other",
        code: 1,
        warns: 'Error from server (AlreadyExists): namespaces "generators-other" already exists',
      },
      {
        run: "kubectl get namespace $NS-other",
        says: /^NAME\s+STATUS\s+AGE\ngenerators-other\s+Active\s+\d+s\n$/,
      },
      { run: "kubectl create serviceaccount bot", says: "serviceaccount/bot created" },
      {
        run:
          "kubectl create token bot --duration=10m --audience=me | cut -d. -f2 | tr _- /+ | " +
          "wc -l",
        says: "1",
      },
      {
        run: "kubectl create token nobody",
        code: 1,
        warns: 'error: failed to create token: serviceaccounts "nobody" not found',
      },
      {
        run: "kubectl create quota few --hard=pods=3,configmaps=10",
        says: "resourcequota/few created",
      },
      {
        run: "kubectl create quota wrong --hard=pods=-3",
        code: 1,
        warns: [
          /^error: failed to create quota: ResourceQuota "wrong" is invalid: spec\.hard\[pods\]: /,
          /Invalid value: "?-3"?: must be greater than or equal to 0/,
        ],
      },
      {
        run: "kubectl create poddisruptionbudget half --selector=app=x --min-available=50%",
        says: "poddisruptionbudget.policy/half created",
      },
      {
        run: "kubectl get pdb half",
        says: [
          /^NAME +MIN AVAILABLE +MAX UNAVAILABLE +ALLOWED DISRUPTIONS +AGE\nhalf +50% +N\/A +0 +/,
        ],
      },
      {
        run: "kubectl create priorityclass $NS --value=1000 --description='for tests'",
        says: "priorityclass.scheduling.k8s.io/generators created",
      },
      {
        run: "kubectl get priorityclass $NS",
        says: /^NAME +VALUE +GLOBAL-DEFAULT +AGE +PREEMPTIONPOLICY\n\S+ +1000 +false +\S+ +Preempt/,
      },
      {
        run: "kubectl create priorityclass system-x --value=1",
        code: 1,
        warns: [
          /^error: failed to create priorityclass: PriorityClass\.scheduling\.k8s\.io /,
          /"system-x" is /,
          /metadata\.name: Forbidden: priority class names with 'system-' prefix are reserved for /,
        ],
      },
      {
        run:
          "kubectl create ingress simple --rule='foo.com/bar*=web:8080,tls=web' " +
          "--default-backend=web:80 --class=nginx --annotation a.example/b=c",
        says: "ingress.networking.k8s.io/simple created",
      },
      {
        run: "kubectl get ingress",
        says: /^NAME +CLASS +HOSTS +ADDRESS +PORTS +AGE\nsimple +nginx +foo\.com +80, 443 +\d+s\n$/,
      },
      {
        run: "kubectl create ingress wrong --rule='Foo_com/bar=web:80'",
        code: 1,
        warns: /"wrong" is invalid: spec\.rules\[0\]\.host: Invalid value: "Foo_com": a lowercase/,
      },
    ],
  },
  {
    name: "workloads",
    lines: [
      {
        run: "kubectl create deployment web --image=web:1 --replicas=2 --port=8080",
        says: "deployment.apps/web created",
      },
      {
        run: "kubectl create job once --image=web:1 -- sh -c 'echo done'",
        says: "job.batch/once created",
      },
      {
        run: "kubectl get jobs",
        says: /^NAME +STATUS +COMPLETIONS +DURATION +AGE\nonce +\S+ +\d\/1 +/,
      },
      {
        run: "kubectl create cronjob often --image=web:1 --schedule='*/5 * * * *' -- date",
        says: "cronjob.batch/often created",
      },
      {
        run: "kubectl get cronjobs",
        says: [
          /^NAME +SCHEDULE +TIMEZONE +SUSPEND +ACTIVE +LAST SCHEDULE +AGE\n/,
          /\noften +\*\/5 \* \* \* \* +<none> +False +0 +<none> +/,
        ],
      },
      {
        run: "kubectl create cronjob wrong --image=web:1 --schedule='never' -- date",
        code: 1,
        warns: [
          /^error: failed to create cronjob: CronJob\.batch "wrong" is invalid: spec\.schedule: /,
          /Inva/,
          /Invalid value: "never": expected exactly 5 fields, found 1: \[never\]/,
        ],
      },
      {
        run: "kubectl create job manual --from=cronjob/often",
        says: "job.batch/manual created",
      },
      {
        run:
          "kubectl get job manual -o jsonpath='" +
          "{.metadata.annotations.cronjob\\.kubernetes\\.io/instantiate}" +
          '{" "}{.metadata.ownerReferences[0].name}\'',
        says: "manual often",
      },
      {
        run: "kubectl run one --image=web:1 --labels=app=one,tier=x --env=A=b --port=8080",
        says: "pod/one created",
      },
      {
        run: "kubectl run Wrong --image=web:1",
        code: 1,
        warns: /^The Pod "Wrong" is invalid: \n?\* metadata\.name: Invalid value: "Wrong": a lower/,
      },
      {
        run:
          "kubectl run talk --image=web:1 --restart=Never --command -- sh -c 'echo hello; " +
          "exit 0'",
        says: "pod/talk created",
      },
      { run: "kubectl logs talk", says: "hello", until: true },
      {
        run: "kubectl get pod talk",
        says: /^NAME +READY +STATUS +RESTARTS +AGE\ntalk +0\/1 +Completed +0 +\d+s\n$/,
        until: true,
      },
      {
        run: "kubectl expose deployment web --port=80 --target-port=8080",
        says: "service/web exposed",
      },
      { run: "kubectl expose pod one --port=80 --name=one --type=NodePort", says: /one exposed/ },
      {
        run: "kubectl get service one -o jsonpath='{.spec.type} {.spec.selector}'",
        says: 'NodePort {"app":"one","tier":"x"}',
      },
      {
        run: "kubectl autoscale deployment web --min=1 --max=3",
        says: "horizontalpodautoscaler.autoscaling/web autoscaled",
      },
      {
        run: "kubectl get hpa web",
        says: /^NAME +REFERENCE +TARGETS +MINPODS +MAXPODS +REPLICAS +AGE\nweb +Deployment\/web +/,
      },
      {
        run: "kubectl autoscale deployment web --name=other --min=5 --max=3",
        code: 1,
        warns: /--max=MAXPODS must be larger or equal to --min=MINPODS, max: 3, min: 5/,
      },
    ],
  },
  {
    name: "services",
    lines: [
      {
        run: "kubectl create service clusterip inner --tcp=5678:8080",
        says: "service/inner created",
      },
      {
        run: "kubectl create service clusterip headless --clusterip=None",
        says: "service/headless created",
      },
      {
        run: "kubectl create service nodeport door --tcp=80:8080 --node-port=31234",
        says: "service/door created",
      },
      {
        run: "kubectl create service nodeport door2 --tcp=80:8080 --node-port=31234",
        code: 1,
        warns: [
          /^error: failed to create NodePort service: Service "door2" is invalid: /,
          /spec\.ports\[0\]\.nodePort: Invalid value: 31234: provided port is already allocated/,
        ],
      },
      {
        run: "kubectl create service nodeport door3 --tcp=80:8080 --node-port=80",
        code: 1,
        warns: [
          /Service "door3" is invalid: spec\.ports\[0\]\.nodePort: Invalid value: 80: /,
          /provided port is not in the valid range\. The range of valid ports is 30000-32767/,
        ],
      },
      {
        run: "kubectl create service loadbalancer outer --tcp=80:8080",
        says: "service/outer created",
      },
      {
        run: "kubectl create service externalname alias --external-name=example.com",
        says: "service/alias created",
      },
      {
        run: "kubectl get services",
        says: [
          /^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\n/,
          /\nalias +ExternalName +<none> +example\.com +<none> +\d+s\n/,
          /\ndoor +NodePort +[0-9.]+ +<none> +80:31234\/TCP +\d+s\n/,
          /\nheadless +ClusterIP +None +<none> +<none> +\d+s\n/,
          /\ninner +ClusterIP +[0-9.]+ +<none> +5678\/TCP +\d+s\n/,
          /\nouter +LoadBalancer +[0-9.]+ +<pending> +80:\d+\/TCP +\d+s\n/,
        ],
      },
      {
        run: "kubectl get services -o wide inner",
        says: /AGE +SELECTOR\ninner .* app=inner\n$/,
      },
      {
        run: "kubectl describe service inner",
        says: [
          /^Name: +inner\nNamespace: +services\nLabels: +app=inner\nAnnotations: +<none>\n/,
          /\nSelector: +app=inner\nType: +ClusterIP\nIP Family Policy: +SingleStack\n/,
          /\nIP Families: +/,
          /\nPort: +5678-8080 +5678\/TCP\nTargetPort: +8080\/TCP\nEndpoints: *\n/,
          /\nSession Affinity: +None\nInternal Traffic Policy: +Cluster\nEvents: +<none>\n$/,
        ],
      },
      {
        run: 'kubectl patch service inner -p \'{"spec":{"clusterIP":"127.96.0.77"}}\'',
        code: 1,
        warns: [
          /^The Service "inner" is invalid: spec\.clusterIPs\[0\]: Invalid value: /,
          /: may not change once set/,
        ],
      },
      { run: "kubectl set selector service inner app=web", says: "service/inner selector updated" },
      { run: "kubectl delete service door outer", says: /"door" deleted/ },
    ],
  },
  {
    name: "roles",
    lines: [
      {
        run: "kubectl create serviceaccount bot",
        says: "serviceaccount/bot created",
      },
      {
        run: "kubectl create role reader --verb=get,list --resource=pods,pods/log",
        says: "role.rbac.authorization.k8s.io/reader created",
      },
      {
        run: "kubectl create role wrong --verb=get --resource=nothings",
        code: 1,
        warns: /the server doesn't have a resource type "nothings"/,
      },
      {
        run: "kubectl create rolebinding reading --role=reader --serviceaccount=$NS:bot",
        says: "rolebinding.rbac.authorization.k8s.io/reading created",
      },
      {
        run: "kubectl create clusterrole $NS --verb=get --resource=nodes",
        says: "clusterrole.rbac.authorization.k8s.io/roles created",
      },
      {
        run: "kubectl create clusterrole $NS-url --verb=get --non-resource-url=/healthz",
        says: "clusterrole.rbac.authorization.k8s.io/roles-url created",
      },
      {
        run: "kubectl create clusterrolebinding $NS --clusterrole=$NS --user=jane --group=crew",
        says: "clusterrolebinding.rbac.authorization.k8s.io/roles created",
      },
      { run: "kubectl get rolebinding", says: /^NAME +ROLE +AGE\nreading +Role\/reader +\d+s\n$/ },
      {
        run: "kubectl get rolebinding -o wide",
        says: /^NAME +ROLE +AGE +USERS +GROUPS +SERVICEACCOUNTS\nreading .* roles\/bot\n$/,
      },
      { run: "kubectl get role", says: /^NAME +CREATED AT\nreader +\d{4}-\d\d-\d\dT\S+Z\n$/ },
      {
        run: "kubectl describe role reader",
        says: [
          /^Name: +reader\nLabels: +<none>\nAnnotations: +<none>\nPolicyRule:\n/,
          /\n {2}pods\/log +\[\] +\[\] +\[get list\]\n/,
        ],
      },
      { run: "kubectl auth can-i create pods", says: "yes" },
      { run: "kubectl auth can-i '*' '*'", says: "yes" },
      {
        run: "kubectl auth can-i create pods --as=system:serviceaccount:$NS:bot",
        code: 1,
        says: "no",
      },
      { run: "kubectl auth can-i list pods --as=system:serviceaccount:$NS:bot", says: "yes" },
      {
        run: "kubectl auth can-i get pods --subresource=log --as=system:serviceaccount:$NS:bot",
        says: "yes",
      },
      {
        run: "kubectl auth can-i get nodes --as=jane",
        says: "yes",
        warns: "Warning: resource 'nodes' is not namespace scoped",
      },
      {
        run: "kubectl auth can-i --list --as=system:serviceaccount:$NS:bot",
        says: [
          /^Resources +Non-Resource URLs +Resource Names +Verbs\n/,
          /\npods\/log +\[\] +\[\] +\[get list\]\n/,
          /\nselfsubjectaccessreviews\.authorization\.k8s\.io +\[\] +\[\] +\[create\]\n/,
        ],
      },
      { run: "kubectl auth whoami", says: /^ATTRIBUTE +VALUE\nUsername +\S+\n/ },
      {
        run: "kubectl auth whoami --as=jane --as-group=crew -o jsonpath='{.status.userInfo}'",
        says: '{"groups":["crew","system:authenticated"],"username":"jane"}',
      },
      {
        run: "kubectl get pods --as=system:serviceaccount:$NS:bot",
        warns: "No resources found in roles namespace.",
      },
      {
        run: "kubectl get secrets --as=system:serviceaccount:$NS:bot",
        code: 1,
        warns:
          "Error from server (Forbidden): secrets is forbidden: User " +
          '"system:serviceaccount:roles:bot" cannot list resource "secrets" in API group ' +
          '"" in the ' +
          'namespace "roles"',
      },
      {
        run: "kubectl --token=$(kubectl create token bot) get nodes",
        says: /^NAME /,
      },
      {
        run: "kubectl delete pod x --as=jane",
        code: 1,
        warns:
          'Error from server (Forbidden): pods "x" is forbidden: User "jane" cannot delete ' +
          "resource " +
          '"pods" in API group "" in the namespace "roles"',
      },
      {
        run: "kubectl get role reader -o yaml | sed 's/- list/- watch/' > role.yaml",
      },
      {
        run: "kubectl auth reconcile -f role.yaml",
        says: "role.rbac.authorization.k8s.io/reader reconciled",
        warns: /^\treconciliation required update\n\tmissing rules added:\n\t\t\{Verbs:\[watch\]/,
      },
      {
        run: "kubectl get role reader -o jsonpath='{.rules[1].verbs}'",
        says: '["watch"]',
      },
      {
        run: "kubectl set subject rolebinding reading --user=joe",
        says: "rolebinding.rbac.authorization.k8s.io/reading subjects updated",
      },
    ],
  },
];
