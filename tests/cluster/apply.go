// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/restmapper"
)

const fieldManager = "testcluster"

// An applier creates objects, or applies them server-side where they exist already.
type applier struct {
	client           kubernetes.Interface
	dynamic          dynamic.Interface
	mapper           *restmapper.DeferredDiscoveryRESTMapper
	warnings         []string // of the requests since the last report
	dryRun           []string
	validation       string
	namespace        string // of namespaced objects that name none
	createNamespaces bool
	json             bool
}

// An applied line is what `apply -o json` prints of one object.
type applied struct {
	File      string   `json:"file"`
	Document  int      `json:"document"`
	Kind      string   `json:"kind"`
	Namespace string   `json:"namespace,omitempty"`
	Name      string   `json:"name"`
	Result    string   `json:"result"` // created, configured or refused
	Code      int32    `json:"code,omitempty"`
	Message   string   `json:"message,omitempty"`
	Warnings  []string `json:"warnings,omitempty"`
}

type pathList []string

func (p *pathList) String() string { return strings.Join(*p, ",") }
func (p *pathList) Set(path string) error {
	*p = append(*p, path)
	return nil
}

// runApply answers 0 when every object was taken and 1 when one was refused; the others are
// tried all the same.
func runApply(args []string) int {
	flags := flag.NewFlagSet("apply", flag.ContinueOnError)
	var paths pathList
	flags.Var(&paths, "f", "file, folder or - (standard input); repeatable")
	kubeconfig := flags.String("kubeconfig", "", "kubeconfig to use")
	dryRun := flags.String("dry-run", "", "All: the server judges, nothing is stored")
	output := flags.String("o", "text", "text or json (a line per object, with the server's warnings)")
	validation := flags.String("validate", "Strict", "field validation: Strict, Warn or Ignore")
	namespace := flags.String("n", "default", "namespace of namespaced objects that name none")
	create := flags.Bool("create-namespaces", false, "create missing namespaces first, also in a dry run")
	timeout := flags.Duration("timeout", 120*time.Second, "bound for all objects together")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	ctx, cancel := context.WithTimeout(context.Background(), *timeout)
	defer cancel()
	a := &applier{validation: *validation, namespace: *namespace, createNamespaces: *create, json: *output == "json"}
	if *dryRun != "" && *dryRun != "none" {
		a.dryRun = []string{metav1.DryRunAll}
	}
	if err := a.connect(*kubeconfig); err != nil {
		return fail(fmt.Errorf("apply: %w", err))
	}
	manifests, err := readManifests(paths)
	if err != nil {
		return fail(fmt.Errorf("apply: %w", err))
	}
	return a.applyAll(ctx, manifests)
}

func (a *applier) connect(kubeconfig string) error {
	config, err := connect(kubeconfig)
	if err != nil {
		return err
	}
	config.WarningHandler = a
	if a.client, err = kubernetes.NewForConfig(config); err != nil {
		return err
	}
	if a.dynamic, err = dynamic.NewForConfig(config); err != nil {
		return err
	}
	a.mapper = restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(a.client.Discovery()))
	return nil
}

// HandleWarningHeader collects what the server warned of.
func (a *applier) HandleWarningHeader(_ int, _ string, text string) {
	a.warnings = append(a.warnings, text)
}

func (a *applier) applyAll(ctx context.Context, manifests []manifest) int {
	inOrder(manifests)
	code := 0
	for _, m := range manifests {
		a.warnings = nil
		result, err := a.apply(ctx, m.object)
		line := applied{File: m.file, Document: m.document, Kind: m.object.GetKind(), Namespace: m.object.GetNamespace(),
			Name: m.object.GetName(), Result: result, Warnings: a.warnings}
		if err != nil {
			code = 1
			line.Result, line.Message = "refused", err.Error()
			if status, ok := err.(errors.APIStatus); ok {
				line.Code = status.Status().Code
			}
		}
		a.report(line)
	}
	return code
}

func (a *applier) report(line applied) {
	if a.json {
		printJSON(line)
		return
	}
	fmt.Printf("%s %s/%s %s", line.Result, line.Kind, line.Namespace, line.Name)
	if line.Message != "" {
		fmt.Printf(" (%s document %d): %s", line.File, line.Document, line.Message)
	}
	fmt.Println()
	for _, warning := range line.Warnings {
		fmt.Printf("  warning: %s\n", warning)
	}
}

// apply answers "created" or "configured". A status in the manifest is stored as well, where the kind
// has a status of its own, so that a scenario can show a running pod without a kubelet.
func (a *applier) apply(ctx context.Context, object *unstructured.Unstructured) (string, error) {
	resource, err := a.resource(ctx, object)
	if err != nil {
		return "", err
	}
	if err := a.resolveOwners(ctx, object); err != nil {
		return "", err
	}
	result, err := a.createOrApply(ctx, resource, object)
	if err != nil || a.dryRun != nil {
		return result, err
	}
	switch object.GetKind() {
	case "Namespace":
		err = ensureServiceAccount(ctx, a.client, object.GetName(), "default")
	case "CustomResourceDefinition":
		err = a.waitServed(ctx, resource, object.GetName())
	default:
		err = a.applyStatus(ctx, resource, object)
	}
	return result, err
}

// resource finds the place of an object in the API, waiting for a definition just created.
func (a *applier) resource(ctx context.Context, object *unstructured.Unstructured) (dynamic.ResourceInterface, error) {
	kind := object.GroupVersionKind()
	mapping, err := a.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if meta.IsNoMatchError(err) {
		a.mapper.Reset()
		mapping, err = a.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	}
	if err != nil {
		return nil, err
	}
	if mapping.Scope.Name() != meta.RESTScopeNameNamespace {
		return a.dynamic.Resource(mapping.Resource), nil
	}
	if object.GetNamespace() == "" {
		object.SetNamespace(a.namespace)
	}
	if a.createNamespaces {
		if err := a.ensureNamespace(ctx, object.GetNamespace()); err != nil {
			return nil, err
		}
	}
	return a.dynamic.Resource(mapping.Resource).Namespace(object.GetNamespace()), nil
}

func (a *applier) ensureNamespace(ctx context.Context, name string) error {
	namespace := &unstructured.Unstructured{}
	namespace.SetAPIVersion("v1")
	namespace.SetKind("Namespace")
	namespace.SetName(name)
	_, err := a.dynamic.Resource(schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}).
		Create(ctx, namespace, metav1.CreateOptions{FieldManager: fieldManager})
	if err == nil {
		return ensureServiceAccount(ctx, a.client, name, "default")
	}
	return ignoreExisting(err)
}

// resolveOwners fills in the uid of owners that a manifest names without one.
func (a *applier) resolveOwners(ctx context.Context, object *unstructured.Unstructured) error {
	owners := object.GetOwnerReferences()
	for i, owner := range owners {
		if owner.UID != "" {
			continue
		}
		stand := &unstructured.Unstructured{}
		stand.SetAPIVersion(owner.APIVersion)
		stand.SetKind(owner.Kind)
		stand.SetNamespace(object.GetNamespace())
		resource, err := a.resource(ctx, stand)
		if err != nil {
			return fmt.Errorf("owner %s %s: %w", owner.Kind, owner.Name, err)
		}
		found, err := resource.Get(ctx, owner.Name, metav1.GetOptions{})
		if err != nil {
			return fmt.Errorf("owner %s %s: %w", owner.Kind, owner.Name, err)
		}
		owners[i].UID = found.GetUID()
	}
	if len(owners) > 0 {
		object.SetOwnerReferences(owners)
	}
	return nil
}

// createOrApply creates, because server-side apply refuses some objects that creation takes (two
// variables of one name, for instance).
func (a *applier) createOrApply(ctx context.Context, resource dynamic.ResourceInterface, object *unstructured.Unstructured) (string, error) {
	_, err := resource.Create(ctx, object, metav1.CreateOptions{FieldManager: fieldManager, FieldValidation: a.validation, DryRun: a.dryRun})
	if !errors.IsAlreadyExists(err) {
		return "created", err
	}
	a.warnings = nil
	_, err = resource.Apply(ctx, object.GetName(), object, metav1.ApplyOptions{FieldManager: fieldManager, Force: true, DryRun: a.dryRun})
	return "configured", err
}

func (a *applier) applyStatus(ctx context.Context, resource dynamic.ResourceInterface, object *unstructured.Unstructured) error {
	status, found, _ := unstructured.NestedMap(object.Object, "status")
	if !found || len(status) == 0 || object.GetName() == "" {
		return nil
	}
	only := &unstructured.Unstructured{Object: map[string]any{"status": status}}
	only.SetAPIVersion(object.GetAPIVersion())
	only.SetKind(object.GetKind())
	only.SetName(object.GetName())
	_, err := resource.ApplyStatus(ctx, object.GetName(), only, metav1.ApplyOptions{FieldManager: fieldManager + "-status", Force: true})
	if errors.IsNotFound(err) || errors.IsMethodNotSupported(err) {
		return nil // the kind has no status of its own
	}
	return err
}

// waitServed waits until a definition is established and its kind can be found.
func (a *applier) waitServed(ctx context.Context, definitions dynamic.ResourceInterface, name string) error {
	err := poll(ctx, "definition "+name, func(ctx context.Context) (bool, string) {
		definition, err := definitions.Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return false, err.Error()
		}
		conditions, _, _ := unstructured.NestedSlice(definition.Object, "status", "conditions")
		for _, c := range conditions {
			condition, _ := c.(map[string]any)
			if condition["type"] == "Established" && condition["status"] == "True" {
				return true, ""
			}
		}
		return false, "not established"
	})
	a.mapper.Reset()
	return err
}
