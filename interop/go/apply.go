package main

import (
	"context"
	"fmt"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	appsv1ac "k8s.io/client-go/applyconfigurations/apps/v1"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"
	metav1ac "k8s.io/client-go/applyconfigurations/meta/v1"
)

const applier = "interop-applier"

func applied(namespace string) *appsv1ac.DeploymentApplyConfiguration {
	labels := map[string]string{"app": "web"}
	container := corev1ac.Container().WithName("web").WithImage("web:1").
		WithPorts(corev1ac.ContainerPort().WithContainerPort(8080)).
		WithEnv(corev1ac.EnvVar().WithName("A").WithValue("1"))
	return appsv1ac.Deployment("web", namespace).WithLabels(labels).
		WithSpec(appsv1ac.DeploymentSpec().WithReplicas(0).
			WithSelector(metav1ac.LabelSelector().WithMatchLabels(labels)).
			WithTemplate(corev1ac.PodTemplateSpec().WithLabels(labels).
				WithSpec(corev1ac.PodSpec().WithContainers(container))))
}

func checkApplyTyped(ctx context.Context, here cluster) error {
	deployments := here.client.AppsV1().Deployments(here.namespace)
	options := metav1.ApplyOptions{FieldManager: applier}
	made, err := deployments.Apply(ctx, applied(here.namespace), options)
	if err != nil {
		return err
	}
	if err := expect("applied replicas", *made.Spec.Replicas, int32(0)); err != nil {
		return err
	}
	// What a second configuration no longer says is removed; what others say stays.
	other := corev1ac.Container().WithName("web").WithEnv(corev1ac.EnvVar().WithName("B").WithValue("2"))
	addition := appsv1ac.Deployment("web", here.namespace).WithSpec(appsv1ac.DeploymentSpec().
		WithTemplate(corev1ac.PodTemplateSpec().WithSpec(corev1ac.PodSpec().WithContainers(other))))
	if _, err := deployments.Apply(ctx, addition, metav1.ApplyOptions{FieldManager: "other"}); err != nil {
		return fmt.Errorf("another manager: %w", err)
	}
	less := applied(here.namespace)
	less.Labels = nil
	less.Spec.Template.Spec.Containers[0].Env = nil
	after, err := deployments.Apply(ctx, less, options)
	if err != nil {
		return err
	}
	again, err := deployments.Apply(ctx, less, options)
	if err != nil {
		return err
	}
	env := after.Spec.Template.Spec.Containers[0].Env
	return first(
		expect("labels are gone", len(after.Labels), 0),
		expect("the other's variable stays", env, []corev1.EnvVar{{Name: "B", Value: "2"}}),
		expect("applying the same changes nothing", again.ResourceVersion, after.ResourceVersion),
	)
}

func checkApplyConflict(ctx context.Context, here cluster) error {
	maps := here.client.CoreV1().ConfigMaps(here.namespace)
	apply := func(manager, value string, force bool) (*corev1.ConfigMap, error) {
		wanted := corev1ac.ConfigMap("one", here.namespace).WithData(map[string]string{"a": value})
		return maps.Apply(ctx, wanted, metav1.ApplyOptions{FieldManager: manager, Force: force})
	}
	if _, err := apply("one", "1", false); err != nil {
		return err
	}
	_, err := apply("two", "2", false)
	if !apierrors.IsConflict(err) || !strings.Contains(err.Error(), `conflict with "one": .data.a`) {
		return fmt.Errorf("not that conflict: %v", err)
	}
	causes := err.(apierrors.APIStatus).Status().Details.Causes
	if err := expect("causes", fmt.Sprint(causes[0].Type, causes[0].Field),
		"FieldManagerConflict.data.a"); err != nil {
		return err
	}
	forced, err := apply("two", "2", true)
	if err != nil {
		return err
	}
	return first(
		expect("value", forced.Data["a"], "2"),
		expect("managers", len(forced.ManagedFields), 1),
	)
}

// checkApplyExtract is the read-modify-apply of controllers: what a manager owns, it gets back.
func checkApplyExtract(ctx context.Context, here cluster) error {
	deployments := here.client.AppsV1().Deployments(here.namespace)
	options := metav1.ApplyOptions{FieldManager: applier}
	made, err := deployments.Apply(ctx, applied(here.namespace), options)
	if err != nil {
		return err
	}
	mine, err := appsv1ac.ExtractDeployment(made, applier)
	if err != nil {
		return err
	}
	if err := first(
		expect("container", *mine.Spec.Template.Spec.Containers[0].Name, "web"),
		expect("nothing of others", mine.Spec.Template.Spec.RestartPolicy == nil, true),
	); err != nil {
		return err
	}
	mine.Spec.WithMinReadySeconds(3)
	after, err := deployments.Apply(ctx, mine, options)
	if err != nil {
		return err
	}
	return expect("minReadySeconds", after.Spec.MinReadySeconds, int32(3))
}

func checkApplyStatus(ctx context.Context, here cluster) error {
	sets := here.client.AppsV1().StatefulSets(here.namespace)
	labels := map[string]string{"app": "set"}
	zero := int32(0)
	_, err := sets.Create(ctx, &appsv1.StatefulSet{
		ObjectMeta: metav1.ObjectMeta{Name: "set"},
		Spec: appsv1.StatefulSetSpec{
			Replicas: &zero, ServiceName: "set",
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "web", Image: "web:1"}}},
			},
		},
	}, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	status := appsv1ac.StatefulSet("set", here.namespace).WithStatus(appsv1ac.StatefulSetStatus().
		WithReplicas(0).WithConditions(appsv1ac.StatefulSetCondition().
		WithType("Tried").WithStatus(corev1.ConditionTrue)))
	after, err := sets.ApplyStatus(ctx, status, metav1.ApplyOptions{FieldManager: applier})
	if err != nil {
		return err
	}
	for _, entry := range after.ManagedFields {
		if entry.Manager == applier {
			return first(
				expect("subresource", entry.Subresource, "status"),
				expect("conditions", len(after.Status.Conditions), 1),
			)
		}
	}
	return fmt.Errorf("no entry of the manager in %v", after.ManagedFields)
}
