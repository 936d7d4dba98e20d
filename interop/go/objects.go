package main

import (
	"context"
	"fmt"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/pager"
	"k8s.io/client-go/util/retry"
)

func configMap(name string, data map[string]string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}, Data: data}
}

func checkCRUD(ctx context.Context, here cluster) error {
	return crud(ctx, here, here.client)
}

func crud(ctx context.Context, here cluster, client kubernetes.Interface) error {
	maps := client.CoreV1().ConfigMaps(here.namespace)
	made, err := maps.Create(ctx, configMap("one", map[string]string{"a": "1"}), metav1.CreateOptions{})
	if err != nil {
		return err
	}
	_, again := maps.Create(ctx, configMap("one", nil), metav1.CreateOptions{})
	if !apierrors.IsAlreadyExists(again) {
		return fmt.Errorf("second create: %v", again)
	}
	made.Data["b"] = "2"
	made.BinaryData = map[string][]byte{"bytes": {0, 1, 255}}
	updated, err := maps.Update(ctx, made, metav1.UpdateOptions{})
	if err != nil {
		return err
	}
	read, err := maps.Get(ctx, "one", metav1.GetOptions{})
	if err != nil {
		return err
	}
	if err := first(
		expect("what was written and read", read, updated),
		expect("bytes", read.BinaryData["bytes"], []byte{0, 1, 255}),
		expect("is newer", read.ResourceVersion != "" && read.UID == made.UID, true),
	); err != nil {
		return err
	}
	other := types.UID("00000000-0000-0000-0000-000000000000")
	err = maps.Delete(ctx, "one", metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &other}})
	if !apierrors.IsConflict(err) {
		return fmt.Errorf("delete of another uid: %v", err)
	}
	dry := metav1.DeleteOptions{DryRun: []string{metav1.DryRunAll}}
	if err := maps.Delete(ctx, "one", dry); err != nil {
		return fmt.Errorf("dry run: %w", err)
	}
	if err := maps.Delete(ctx, "one", metav1.DeleteOptions{}); err != nil {
		return err
	}
	_, err = maps.Get(ctx, "one", metav1.GetOptions{})
	return expect("not found after delete", apierrors.IsNotFound(err), true)
}

func checkConflict(ctx context.Context, here cluster) error {
	maps := here.client.CoreV1().ConfigMaps(here.namespace)
	made, err := maps.Create(ctx, configMap("one", nil), metav1.CreateOptions{})
	if err != nil {
		return err
	}
	stale := made.DeepCopy()
	made.Data = map[string]string{"by": "first"}
	if _, err := maps.Update(ctx, made, metav1.UpdateOptions{}); err != nil {
		return err
	}
	stale.Data = map[string]string{"by": "second"}
	if _, err := maps.Update(ctx, stale, metav1.UpdateOptions{}); !apierrors.IsConflict(err) {
		return fmt.Errorf("stale update: %v", err)
	}
	return retry.RetryOnConflict(retry.DefaultRetry, func() error {
		fresh, err := maps.Get(ctx, "one", metav1.GetOptions{})
		if err != nil {
			return err
		}
		fresh.Data["also"] = "second"
		_, err = maps.Update(ctx, fresh, metav1.UpdateOptions{})
		return err
	})
}

func checkInvalid(ctx context.Context, here cluster) error {
	pods := here.client.CoreV1().Pods(here.namespace)
	bad := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "No_Good"}}
	_, err := pods.Create(ctx, bad, metav1.CreateOptions{})
	if !apierrors.IsInvalid(err) {
		return fmt.Errorf("want Invalid, got %v", err)
	}
	fields := map[string]bool{}
	for _, cause := range err.(apierrors.APIStatus).Status().Details.Causes {
		fields[cause.Field] = true
	}
	if !fields["metadata.name"] || !fields["spec.containers"] {
		return fmt.Errorf("causes name %v", fields)
	}
	strict := metav1.CreateOptions{FieldValidation: metav1.FieldValidationStrict}
	err = here.client.CoreV1().RESTClient().Post().Namespace(here.namespace).Resource("configmaps").
		VersionedParams(&strict, metav1.ParameterCodec).
		SetHeader("Content-Type", "application/json").
		Body([]byte(`{"metadata":{"name":"one"},"nonsense":1}`)).Do(ctx).Error()
	if !apierrors.IsBadRequest(err) || !strings.Contains(err.Error(), `unknown field "nonsense"`) {
		return fmt.Errorf("strict: %v", err)
	}
	return nil
}

func protobufConfig(config *rest.Config) *rest.Config {
	binary := rest.CopyConfig(config)
	binary.ContentType = runtime.ContentTypeProtobuf
	binary.AcceptContentTypes = runtime.ContentTypeProtobuf
	return binary
}

func checkProtobuf(ctx context.Context, here cluster) error {
	client := kubernetes.NewForConfigOrDie(protobufConfig(here.config))
	if err := crud(ctx, here, client); err != nil {
		return err
	}
	wanted := deployment("web", 0)
	wanted.Spec.Template.Spec.Containers[0].Resources.Requests = corev1.ResourceList{
		corev1.ResourceCPU:    resource.MustParse("100m"),
		corev1.ResourceMemory: resource.MustParse("64Mi"),
	}
	made, err := client.AppsV1().Deployments(here.namespace).Create(ctx, wanted, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	plain, err := here.client.AppsV1().Deployments(here.namespace).Get(ctx, "web", metav1.GetOptions{})
	if err != nil {
		return err
	}
	requests := plain.Spec.Template.Spec.Containers[0].Resources.Requests
	list, err := client.AppsV1().Deployments(here.namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	watched, err := client.AppsV1().Deployments(here.namespace).Watch(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	defer watched.Stop()
	event := <-watched.ResultChan()
	seen, ok := event.Object.(*appsv1.Deployment)
	if !ok {
		return fmt.Errorf("watch said %v %T", event.Type, event.Object)
	}
	_, missing := client.CoreV1().Pods(here.namespace).Get(ctx, "missing", metav1.GetOptions{})
	return first(
		expect("cpu", requests.Cpu().String(), "100m"),
		expect("memory", requests.Memory().String(), "64Mi"),
		expect("listed", list.Items[0].UID, made.UID),
		expect("watched", seen.UID, made.UID),
		expect("defaults are the same", made.Spec.Template, plain.Spec.Template),
		expect("status in protobuf", apierrors.IsNotFound(missing), true),
	)
}

func checkPatchTypes(ctx context.Context, here cluster) error {
	deployments := here.client.AppsV1().Deployments(here.namespace)
	if _, err := deployments.Create(ctx, deployment("web", 0), metav1.CreateOptions{}); err != nil {
		return err
	}
	patches := []struct {
		kind types.PatchType
		body string
	}{
		{types.JSONPatchType, `[{"op":"test","path":"/spec/replicas","value":0},
			{"op":"add","path":"/metadata/annotations/json","value":"1"}]`},
		{types.MergePatchType, `{"metadata":{"annotations":{"merge":"1","keep":null}}}`},
		{types.StrategicMergePatchType, `{"spec":{"template":{"spec":{"containers":[
			{"name":"sidecar","image":"web:1"}]}}}}`},
		{types.ApplyPatchType, `{"apiVersion":"apps/v1","kind":"Deployment",
			"metadata":{"name":"web","annotations":{"apply":"1"}}}`},
	}
	for _, each := range patches {
		options := metav1.PatchOptions{FieldManager: "interop"}
		if _, err := deployments.Patch(ctx, "web", each.kind, []byte(each.body), options); err != nil {
			return fmt.Errorf("%s: %w", each.kind, err)
		}
	}
	read, err := deployments.Get(ctx, "web", metav1.GetOptions{})
	if err != nil {
		return err
	}
	names := []string{}
	for _, each := range read.Spec.Template.Spec.Containers {
		names = append(names, each.Name)
	}
	notes := read.Annotations
	_, kept := notes["keep"]
	failing := `[{"op":"test","path":"/spec/replicas","value":7}]`
	_, refused := deployments.Patch(ctx, "web", types.JSONPatchType, []byte(failing), metav1.PatchOptions{})
	return first(
		expect("containers", names, []string{"sidecar", "web"}),
		expect("annotations", notes["json"]+notes["merge"]+notes["apply"], "111"),
		expect("removed by null", kept, false),
		expect("a test that fails is Invalid", apierrors.IsInvalid(refused), true),
	)
}

func checkSelectors(ctx context.Context, here cluster) error {
	maps := here.client.CoreV1().ConfigMaps(here.namespace)
	for _, name := range []string{"a", "b", "c"} {
		made := configMap(name, nil)
		made.Labels = map[string]string{"name": name}
		if _, err := maps.Create(ctx, made, metav1.CreateOptions{}); err != nil {
			return err
		}
	}
	named := func(options metav1.ListOptions) string {
		list, err := maps.List(ctx, options)
		if err != nil {
			return err.Error()
		}
		names := []string{}
		for _, each := range list.Items {
			if each.Name != "kube-root-ca.crt" {
				names = append(names, each.Name)
			}
		}
		return strings.Join(names, " ")
	}
	_, bad := maps.List(ctx, metav1.ListOptions{FieldSelector: "data.a=1"})
	return first(
		expect("labels", named(metav1.ListOptions{LabelSelector: "name in (a,c)"}), "a c"),
		expect("not", named(metav1.ListOptions{LabelSelector: "name,name!=a"}), "b c"),
		expect("fields", named(metav1.ListOptions{FieldSelector: "metadata.name=b"}), "b"),
		expect("unknown fields are refused", apierrors.IsBadRequest(bad), true),
	)
}

func checkPagination(ctx context.Context, here cluster) error {
	maps := here.client.CoreV1().ConfigMaps(here.namespace)
	for index := range 25 {
		made := configMap(fmt.Sprintf("page-%02d", index), nil)
		made.Labels = map[string]string{"paged": "yes"}
		if _, err := maps.Create(ctx, made, metav1.CreateOptions{}); err != nil {
			return err
		}
	}
	options := metav1.ListOptions{Limit: 10, LabelSelector: "paged"}
	page, err := maps.List(ctx, options)
	if err != nil {
		return err
	}
	if err := first(
		expect("first page", len(page.Items), 10),
		expect("is to be continued", page.Continue != "", true),
	); err != nil {
		return err
	}
	seen := 0
	pages := pager.New(func(ctx context.Context, page metav1.ListOptions) (runtime.Object, error) {
		return maps.List(ctx, page)
	})
	pages.PageSize = 7
	err = pages.EachListItem(ctx, metav1.ListOptions{LabelSelector: "paged"}, func(runtime.Object) error {
		seen++
		return nil
	})
	return first(err, expect("all pages", seen, 25))
}

func checkDeleteCollection(ctx context.Context, here cluster) error {
	maps := here.client.CoreV1().ConfigMaps(here.namespace)
	for _, name := range []string{"a", "b", "c"} {
		made := configMap(name, nil)
		made.Labels = map[string]string{"gone": fmt.Sprint(name != "c")}
		if _, err := maps.Create(ctx, made, metav1.CreateOptions{}); err != nil {
			return err
		}
	}
	gone := metav1.ListOptions{LabelSelector: "gone=true"}
	if err := maps.DeleteCollection(ctx, metav1.DeleteOptions{}, gone); err != nil {
		return err
	}
	left, err := maps.List(ctx, metav1.ListOptions{LabelSelector: "gone"})
	if err != nil {
		return err
	}
	return expect("left", len(left.Items), 1)
}

func checkScale(ctx context.Context, here cluster) error {
	deployments := here.client.AppsV1().Deployments(here.namespace)
	if _, err := deployments.Create(ctx, deployment("web", 0), metav1.CreateOptions{}); err != nil {
		return err
	}
	// The controller of deployments may write the status between what is read and written.
	err := retry.RetryOnConflict(retry.DefaultRetry, func() error {
		scale, err := deployments.GetScale(ctx, "web", metav1.GetOptions{})
		if err != nil {
			return err
		}
		scale.Spec.Replicas = 2
		_, err = deployments.UpdateScale(ctx, "web", scale, metav1.UpdateOptions{})
		return err
	})
	if err != nil {
		return err
	}
	return eventually(ctx, "two pods are ready", func() (bool, error) {
		read, err := deployments.Get(ctx, "web", metav1.GetOptions{})
		return err == nil && read.Status.ReadyReplicas == 2, err
	})
}

func checkTokenAndReviews(ctx context.Context, here cluster) error {
	if err := hasDefaultServiceAccount(ctx, here); err != nil {
		return err
	}
	accounts := here.client.CoreV1().ServiceAccounts(here.namespace)
	token, err := accounts.CreateToken(ctx, "default", &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	review := &authenticationv1.TokenReview{
		Spec: authenticationv1.TokenReviewSpec{Token: token.Status.Token},
	}
	reviewed, err := here.client.AuthenticationV1().TokenReviews().Create(ctx, review, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	bearer := rest.AnonymousClientConfig(here.config)
	bearer.BearerToken = token.Status.Token
	asAccount := kubernetes.NewForConfigOrDie(bearer)
	self := &authenticationv1.SelfSubjectReview{}
	who, err := asAccount.AuthenticationV1().SelfSubjectReviews().Create(ctx, self, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	may := &authorizationv1.SelfSubjectAccessReview{
		Spec: authorizationv1.SelfSubjectAccessReviewSpec{
			ResourceAttributes: &authorizationv1.ResourceAttributes{
				Namespace: here.namespace, Verb: "list", Resource: "secrets",
			},
		},
	}
	access, err := asAccount.AuthorizationV1().SelfSubjectAccessReviews().Create(ctx, may, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	_, refused := asAccount.CoreV1().Secrets(here.namespace).List(ctx, metav1.ListOptions{})
	name := "system:serviceaccount:" + here.namespace + ":default"
	return first(
		expect("token is reviewed", reviewed.Status.User.Username, name),
		expect("who am I", who.Status.UserInfo.Username, name),
		expect("may list secrets", access.Status.Allowed, false),
		expect("is refused", apierrors.IsForbidden(refused), true),
	)
}

// hasDefaultServiceAccount waits for the account that pods get when they name none.
func hasDefaultServiceAccount(ctx context.Context, here cluster) error {
	return eventually(ctx, "there is a default service account", func() (bool, error) {
		accounts := here.client.CoreV1().ServiceAccounts(here.namespace)
		_, err := accounts.Get(ctx, "default", metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return false, nil
		}
		return err == nil, err
	})
}

func deployment(name string, replicas int32) *appsv1.Deployment {
	labels := map[string]string{"app": name}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: map[string]string{"keep": "no"}},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas,
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec: corev1.PodSpec{
					Containers: []corev1.Container{{Name: "web", Image: "web:1"}},
				},
			},
		},
	}
}
