package main

import (
	"context"
	"fmt"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/restmapper"
)

func checkDiscovery(ctx context.Context, here cluster) error {
	version, err := here.client.Discovery().ServerVersion()
	if err != nil {
		return err
	}
	_, lists, err := here.client.Discovery().ServerGroupsAndResources()
	if err != nil {
		return err
	}
	preferred, err := here.client.Discovery().ServerPreferredResources()
	if err != nil {
		return err
	}
	found := map[string]bool{}
	for _, list := range lists {
		for _, resource := range list.APIResources {
			found[list.GroupVersion+"/"+resource.Name] = true
		}
	}
	for _, name := range []string{"v1/pods/exec", "apps/v1/deployments/scale", "batch/v1/cronjobs"} {
		if !found[name] {
			return fmt.Errorf("no %s", name)
		}
	}
	return first(
		expect("version", version.Major+"."+version.Minor, "1.36"),
		expect("preferred", len(preferred) > 10, true),
	)
}

func checkRESTMapper(ctx context.Context, here cluster) error {
	cached := memory.NewMemCacheClient(here.client.Discovery())
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(cached)
	warn := func(text string) { fmt.Println(text) }
	expander := restmapper.NewShortcutExpander(mapper, cached, warn)
	deploy, err := expander.ResourceFor(schema.GroupVersionResource{Resource: "deploy"})
	if err != nil {
		return err
	}
	mapping, err := mapper.RESTMapping(schema.GroupKind{Group: "apps", Kind: "Deployment"})
	if err != nil {
		return err
	}
	_, missing := mapper.RESTMapping(schema.GroupKind{Group: "apps", Kind: "Missing"})
	return first(
		expect("short name", deploy.Resource, "deployments"),
		expect("mapping", mapping.Resource.Resource, "deployments"),
		expect("scope", mapping.Scope.Name(), meta.RESTScopeNameNamespace),
		expect("no match", meta.IsNoMatchError(missing), true),
	)
}

func checkOpenAPI(ctx context.Context, here cluster) error {
	paths, err := here.client.Discovery().OpenAPIV3().Paths()
	if err != nil {
		return err
	}
	document, err := paths["apis/apps/v1"].Schema("application/json")
	if err != nil {
		return err
	}
	second, err := here.client.Discovery().OpenAPISchema()
	if err != nil {
		return err
	}
	return first(
		expect("v3", strings.Contains(string(document), "io.k8s.api.apps.v1.Deployment"), true),
		expect("v2", second.Definitions != nil, true),
	)
}

func checkDynamic(ctx context.Context, here cluster) error {
	client := dynamic.NewForConfigOrDie(here.config).Resource(configMaps).Namespace(here.namespace)
	object := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{"name": "one"}, "data": map[string]any{"a": "1"},
	}}
	options := metav1.ApplyOptions{FieldManager: applier}
	if _, err := client.Apply(ctx, "one", object, options); err != nil {
		return err
	}
	read, err := client.Get(ctx, "one", metav1.GetOptions{})
	if err != nil {
		return err
	}
	value, _, err := unstructured.NestedString(read.Object, "data", "a")
	if err != nil {
		return err
	}
	list, err := client.List(ctx, metav1.ListOptions{FieldSelector: "metadata.name=one"})
	if err != nil {
		return err
	}
	return first(
		expect("value", value, "1"),
		expect("list", list.GetKind(), "ConfigMapList"),
		expect("item", list.Items[0].GetKind(), "ConfigMap"),
	)
}

// widgets defines a kind in a group of its own, so that checks do not meet.
func widgets(group string) *apiextensionsv1.CustomResourceDefinition {
	properties := func(fields map[string]apiextensionsv1.JSONSchemaProps) apiextensionsv1.JSONSchemaProps {
		return apiextensionsv1.JSONSchemaProps{Type: "object", Properties: fields}
	}
	one := float64(1)
	size := apiextensionsv1.JSONSchemaProps{
		Type: "integer", Minimum: &one, Default: &apiextensionsv1.JSON{Raw: []byte("3")},
	}
	rule := apiextensionsv1.ValidationRule{
		Rule: "self.size <= 5 || self.large", Message: "say that it is large",
	}
	spec := properties(map[string]apiextensionsv1.JSONSchemaProps{
		"size": size, "large": {Type: "boolean", Default: &apiextensionsv1.JSON{Raw: []byte("false")}},
	})
	spec.XValidations = apiextensionsv1.ValidationRules{rule}
	whole := properties(map[string]apiextensionsv1.JSONSchemaProps{
		"spec": spec,
		"status": properties(map[string]apiextensionsv1.JSONSchemaProps{
			"size": {Type: "integer"},
		}),
	})
	return &apiextensionsv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: "widgets." + group},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: group, Scope: apiextensionsv1.NamespaceScoped,
			Names: apiextensionsv1.CustomResourceDefinitionNames{
				Plural: "widgets", Singular: "widget", Kind: "Widget", ListKind: "WidgetList",
				ShortNames: []string{"wd"},
			},
			Versions: []apiextensionsv1.CustomResourceDefinitionVersion{{
				Name: "v1", Served: true, Storage: true,
				Schema:       &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: &whole},
				Subresources: &apiextensionsv1.CustomResourceSubresources{Status: &apiextensionsv1.CustomResourceSubresourceStatus{}},
			}},
		},
	}
}

// withWidgets defines them for as long as the check takes.
func withWidgets(ctx context.Context, here cluster, group string, use func() error) error {
	definitions := apiextensions.NewForConfigOrDie(here.config).ApiextensionsV1().CustomResourceDefinitions()
	definition := widgets(group)
	if _, err := definitions.Create(ctx, definition, metav1.CreateOptions{}); err != nil {
		return err
	}
	remove := func() error {
		return definitions.Delete(context.Background(), definition.Name, metav1.DeleteOptions{})
	}
	err := eventually(ctx, "the kind is established", func() (bool, error) {
		read, err := definitions.Get(ctx, definition.Name, metav1.GetOptions{})
		if err != nil {
			return false, err
		}
		for _, condition := range read.Status.Conditions {
			if condition.Type == apiextensionsv1.Established {
				return condition.Status == apiextensionsv1.ConditionTrue, nil
			}
		}
		return false, nil
	})
	if err == nil {
		err = use()
	}
	if err := first(err, remove()); err != nil {
		return err
	}
	return eventually(ctx, "the kind is gone", func() (bool, error) {
		_, err := definitions.Get(ctx, definition.Name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return true, nil
		}
		return false, err
	})
}

func checkCustomResources(ctx context.Context, here cluster) error {
	const group = "custom.interop.test"
	return withWidgets(ctx, here, group, func() error {
		resource := schema.GroupVersionResource{Group: group, Version: "v1", Resource: "widgets"}
		client := dynamic.NewForConfigOrDie(here.config).Resource(resource).Namespace(here.namespace)
		widget := func(name string, spec map[string]any) *unstructured.Unstructured {
			return &unstructured.Unstructured{Object: map[string]any{
				"apiVersion": group + "/v1", "kind": "Widget",
				"metadata": map[string]any{"name": name}, "spec": spec,
			}}
		}
		made, err := client.Create(ctx, widget("one", map[string]any{}), metav1.CreateOptions{})
		if err != nil {
			return err
		}
		size, _, _ := unstructured.NestedInt64(made.Object, "spec", "size")
		_, small := client.Create(ctx, widget("two", map[string]any{"size": int64(0)}), metav1.CreateOptions{})
		_, large := client.Create(ctx, widget("three", map[string]any{"size": int64(9)}), metav1.CreateOptions{})
		if err := first(
			expect("default", size, int64(3)),
			expect("minimum", apierrors.IsInvalid(small), true),
			expect("rule", apierrors.IsInvalid(large) &&
				strings.Contains(large.Error(), "say that it is large"), true),
		); err != nil {
			return err
		}
		if err := unstructured.SetNestedField(made.Object, int64(3), "status", "size"); err != nil {
			return err
		}
		after, err := client.UpdateStatus(ctx, made, metav1.UpdateOptions{})
		if err != nil {
			return err
		}
		mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(here.client.Discovery()))
		mapping, err := mapper.RESTMapping(schema.GroupKind{Group: group, Kind: "Widget"})
		if err != nil {
			return err
		}
		return first(
			expect("generation", after.GetGeneration(), int64(1)),
			expect("mapped", mapping.Resource, resource),
		)
	})
}

func checkNamespaceDeletion(ctx context.Context, here cluster) error {
	if _, err := here.client.CoreV1().ConfigMaps(here.namespace).
		Create(ctx, configMap("one", nil), metav1.CreateOptions{}); err != nil {
		return err
	}
	namespaces := here.client.CoreV1().Namespaces()
	if err := namespaces.Delete(ctx, here.namespace, metav1.DeleteOptions{}); err != nil {
		return err
	}
	_, late := here.client.CoreV1().ConfigMaps(here.namespace).
		Create(ctx, configMap("late", nil), metav1.CreateOptions{})
	if !apierrors.IsForbidden(late) && !apierrors.IsNotFound(late) {
		return fmt.Errorf("creating in what is going: %v", late)
	}
	return eventually(ctx, "the namespace is gone", func() (bool, error) {
		_, err := namespaces.Get(ctx, here.namespace, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return true, nil
		}
		return false, err
	})
}
