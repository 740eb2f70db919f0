// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"strings"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/cel/library"
)

// The authorizer of every question allows get and list, fails at "boom", and tells as its reason
// what it was asked.
type celAuthorizer struct{}

func (celAuthorizer) Authorize(_ context.Context, a authorizer.Attributes) (authorizer.Decision, string, error) {
	asked := strings.Join([]string{a.GetUser().GetName(), a.GetVerb(), a.GetAPIGroup(), a.GetResource(), a.GetSubresource(),
		a.GetNamespace(), a.GetName(), a.GetPath(), selectorsOf(a)}, "|")
	switch a.GetVerb() {
	case "get", "list":
		return authorizer.DecisionAllow, asked, nil
	case "boom":
		return authorizer.DecisionNoOpinion, asked, errors.New("no answer")
	}
	return authorizer.DecisionDeny, asked, nil
}

// selectorsOf writes the requirements again, where this version of Kubernetes knows selectors.
func selectorsOf(a authorizer.Attributes) string {
	var texts []string
	selecting, ok := a.(interface {
		GetFieldSelector() (fields.Requirements, error)
		GetLabelSelector() (labels.Requirements, error)
	})
	if !ok {
		return ""
	}
	if requirements, err := selecting.GetFieldSelector(); err == nil {
		for _, r := range requirements {
			texts = append(texts, r.Field+string(r.Operator)+r.Value)
		}
	}
	if requirements, err := selecting.GetLabelSelector(); err == nil {
		for _, r := range requirements {
			texts = append(texts, r.String())
		}
	}
	return strings.Join(texts, "&")
}

// The request that a policy would judge: of deployments/scale, shop/web.
type celRequest struct{}

func (celRequest) GetName() string      { return "web" }
func (celRequest) GetNamespace() string { return "shop" }
func (celRequest) GetResource() schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
}
func (celRequest) GetSubresource() string { return "scale" }

// bindAuthorizer adds the two variables that every expression may use.
func bindAuthorizer(variables map[string]any) {
	requester := &user.DefaultInfo{Name: "tester"}
	variables["authorizer"] = library.NewAuthorizerVal(requester, celAuthorizer{})
	variables["authorizer.requestResource"] = library.NewResourceAuthorizerVal(requester, celAuthorizer{}, celRequest{})
}
