package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/httpstream"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/tools/remotecommand"
	"k8s.io/client-go/transport/spdy"
	"k8s.io/client-go/util/exec"
)

const webPort = 8080

// runningPod starts the example application and waits until it serves.
func runningPod(ctx context.Context, here cluster) (*corev1.Pod, error) {
	if err := hasDefaultServiceAccount(ctx, here); err != nil {
		return nil, err
	}
	podIP := corev1.EnvVar{Name: "POD_IP", ValueFrom: &corev1.EnvVarSource{
		FieldRef: &corev1.ObjectFieldSelector{FieldPath: "status.podIP"},
	}}
	ready := &corev1.Probe{
		PeriodSeconds: 1,
		ProbeHandler:  corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/healthz", Port: intstr.FromInt32(webPort)}},
	}
	grace := int64(1)
	pods := here.client.CoreV1().Pods(here.namespace)
	_, err := pods.Create(ctx, &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "web", Labels: map[string]string{"app": "web"}},
		Spec: corev1.PodSpec{
			TerminationGracePeriodSeconds: &grace,
			Containers: []corev1.Container{{
				Name: "web", Image: "web:1", Env: []corev1.EnvVar{podIP}, ReadinessProbe: ready,
			}},
		},
	}, metav1.CreateOptions{})
	if err != nil {
		return nil, err
	}
	var pod *corev1.Pod
	err = eventually(ctx, "the pod is ready", func() (bool, error) {
		if pod, err = pods.Get(ctx, "web", metav1.GetOptions{}); err != nil {
			return false, err
		}
		for _, condition := range pod.Status.Conditions {
			if condition.Type == corev1.PodReady {
				return condition.Status == corev1.ConditionTrue, nil
			}
		}
		return false, nil
	})
	return pod, err
}

func checkPodLog(ctx context.Context, here cluster) error {
	if _, err := runningPod(ctx, here); err != nil {
		return err
	}
	options := &corev1.PodLogOptions{Follow: true}
	stream, err := here.client.CoreV1().Pods(here.namespace).GetLogs("web", options).Stream(ctx)
	if err != nil {
		return err
	}
	defer stream.Close()
	line := make([]byte, len("listening on"))
	if _, err := io.ReadFull(stream, line); err != nil {
		return err
	}
	return expect("log", string(line), "listening on")
}

func execURL(here cluster, options *corev1.PodExecOptions) *url.URL {
	return here.client.CoreV1().RESTClient().Post().Resource("pods").Name("web").
		Namespace(here.namespace).SubResource("exec").
		VersionedParams(options, scheme.ParameterCodec).URL()
}

func echoes(ctx context.Context, here cluster, connect func(*url.URL) (remotecommand.Executor, error)) error {
	if _, err := runningPod(ctx, here); err != nil {
		return err
	}
	target := execURL(here, &corev1.PodExecOptions{
		Command: []string{"sh", "-c", "cat; echo told >&2"}, Stdin: true, Stdout: true, Stderr: true,
	})
	executor, err := connect(target)
	if err != nil {
		return err
	}
	text := strings.Repeat("0123456789abcde\n", 20_000)
	var out, errors bytes.Buffer
	err = executor.StreamWithContext(ctx, remotecommand.StreamOptions{
		Stdin: strings.NewReader(text), Stdout: &out, Stderr: &errors,
	})
	return first(err,
		expect("bytes out", out.Len(), len(text)),
		expect("output is the input", out.String() == text, true),
		expect("errors", errors.String(), "told\n"),
	)
}

func checkExecWebSocket(ctx context.Context, here cluster) error {
	return echoes(ctx, here, func(target *url.URL) (remotecommand.Executor, error) {
		return remotecommand.NewWebSocketExecutor(here.config, http.MethodGet, target.String())
	})
}

func checkExecSPDY(ctx context.Context, here cluster) error {
	return echoes(ctx, here, func(target *url.URL) (remotecommand.Executor, error) {
		return remotecommand.NewSPDYExecutor(here.config, http.MethodPost, target)
	})
}

func checkExecExitCode(ctx context.Context, here cluster) error {
	if _, err := runningPod(ctx, here); err != nil {
		return err
	}
	target := execURL(here, &corev1.PodExecOptions{Command: []string{"sh", "-c", "exit 7"}, Stdout: true})
	web, err := remotecommand.NewWebSocketExecutor(here.config, http.MethodGet, target.String())
	if err != nil {
		return err
	}
	spdy, err := remotecommand.NewSPDYExecutor(here.config, http.MethodPost, target)
	if err != nil {
		return err
	}
	for _, executor := range []remotecommand.Executor{web, spdy} {
		err := executor.StreamWithContext(ctx, remotecommand.StreamOptions{Stdout: io.Discard})
		ended, ok := err.(exec.CodeExitError)
		if !ok || ended.ExitStatus() != 7 {
			return fmt.Errorf("want exit code 7, got %v (%T)", err, err)
		}
	}
	return nil
}

// forwards asks the application of a pod twice through a port of this machine.
func forwards(ctx context.Context, here cluster, connect func(*url.URL) (httpstream.Dialer, error)) error {
	if _, err := runningPod(ctx, here); err != nil {
		return err
	}
	target := here.client.CoreV1().RESTClient().Post().Resource("pods").Name("web").
		Namespace(here.namespace).SubResource("portforward").URL()
	dialer, err := connect(target)
	if err != nil {
		return err
	}
	stop, ready, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	ports := []string{fmt.Sprintf("0:%d", webPort)}
	forwarder, err := portforward.New(dialer, ports, stop, ready, io.Discard, io.Discard)
	if err != nil {
		return err
	}
	go func() { ended <- forwarder.ForwardPorts() }()
	defer close(stop)
	select {
	case <-ready:
	case err := <-ended:
		return fmt.Errorf("not connected: %w", err)
	case <-ctx.Done():
		return ctx.Err()
	}
	local, err := forwarder.GetPorts()
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for range 2 {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet,
			fmt.Sprintf("http://127.0.0.1:%d/healthz", local[0].Local), nil)
		if err != nil {
			return err
		}
		answer, err := client.Do(request)
		if err != nil {
			return err
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err := first(err, expect("answer", string(body), "ok\n")); err != nil {
			return err
		}
	}
	return nil
}

func checkPortForwardWebSocket(ctx context.Context, here cluster) error {
	return forwards(ctx, here, func(target *url.URL) (httpstream.Dialer, error) {
		return portforward.NewSPDYOverWebsocketDialer(target, here.config)
	})
}

func checkPortForwardSPDY(ctx context.Context, here cluster) error {
	return forwards(ctx, here, func(target *url.URL) (httpstream.Dialer, error) {
		transport, upgrader, err := spdy.RoundTripperFor(here.config)
		if err != nil {
			return nil, err
		}
		client := &http.Client{Transport: transport}
		return spdy.NewDialer(upgrader, client, http.MethodPost, target), nil
	})
}

func checkEvict(ctx context.Context, here cluster) error {
	pod, err := runningPod(ctx, here)
	if err != nil {
		return err
	}
	budgets := here.client.PolicyV1().PodDisruptionBudgets(here.namespace)
	one := intstr.FromInt32(1)
	budget, err := budgets.Create(ctx, &policyv1.PodDisruptionBudget{
		ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec: policyv1.PodDisruptionBudgetSpec{
			MinAvailable: &one,
			Selector:     &metav1.LabelSelector{MatchLabels: pod.Labels},
		},
	}, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	// As the controller of budgets writes it: seen, and nothing to spare.
	budget.Status.ObservedGeneration = budget.Generation
	budget.Status.ExpectedPods = 1
	if _, err := budgets.UpdateStatus(ctx, budget, metav1.UpdateOptions{}); err != nil &&
		!apierrors.IsConflict(err) {
		return err
	}
	pods := here.client.CoreV1().Pods(here.namespace)
	eviction := &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: "web"}}
	if err := pods.EvictV1(ctx, eviction); !apierrors.IsTooManyRequests(err) {
		return fmt.Errorf("evicted in spite of the budget: %v", err)
	}
	if err := budgets.Delete(ctx, "web", metav1.DeleteOptions{}); err != nil {
		return err
	}
	if err := pods.EvictV1(ctx, eviction); err != nil {
		return err
	}
	return eventually(ctx, "the pod is gone", func() (bool, error) {
		_, err := pods.Get(ctx, "web", metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return true, nil
		}
		return false, err
	})
}
