// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// A manifest is one object and where it was read: file and document count from 1.
type manifest struct {
	file     string
	document int
	object   *unstructured.Unstructured
}

// readManifests reads files, folders (their .yaml, .yml and .json files, recursively, in order of
// name) and "-", standard input. Lists are taken apart; empty documents are left out.
func readManifests(paths []string) ([]manifest, error) {
	var all []manifest
	for _, path := range paths {
		files, err := manifestFiles(path)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			read, err := readManifestFile(file)
			if err != nil {
				return nil, err
			}
			all = append(all, read...)
		}
	}
	return all, nil
}

func manifestFiles(path string) ([]string, error) {
	if path == "-" {
		return []string{path}, nil
	}
	var files []string
	err := filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		wanted := slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(file))
		if err == nil && !entry.IsDir() && (wanted || file == path) {
			files = append(files, file)
		}
		return err
	})
	return files, err
}

func readManifestFile(path string) ([]manifest, error) {
	source := io.Reader(os.Stdin)
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		source = file
	}
	decoder := yaml.NewYAMLOrJSONDecoder(bufio.NewReader(source), 4096)
	var all []manifest
	for document := 1; ; document++ {
		var content map[string]any
		err := decoder.Decode(&content)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: document %d: %w", path, document, err)
		}
		if len(content) == 0 {
			continue
		}
		objects, err := takeApart(&unstructured.Unstructured{Object: content})
		if err != nil {
			return nil, fmt.Errorf("%s: document %d: %w", path, document, err)
		}
		for _, object := range objects {
			all = append(all, manifest{path, document, object})
		}
	}
}

func takeApart(object *unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
	if object.GetKind() == "" || object.GetAPIVersion() == "" {
		return nil, errors.New("no apiVersion or kind")
	}
	if !strings.HasSuffix(object.GetKind(), "List") || !object.IsList() {
		return []*unstructured.Unstructured{object}, nil
	}
	var items []*unstructured.Unstructured
	err := object.EachListItem(func(item runtime.Object) error {
		items = append(items, item.(*unstructured.Unstructured))
		return nil
	})
	return items, err
}

// inOrder sorts what others need to exist to the front and keeps the order of the files otherwise.
func inOrder(manifests []manifest) {
	first := []string{"CustomResourceDefinition", "Namespace", "ServiceAccount", "PriorityClass", "RuntimeClass", "ClusterRole", "Role"}
	rank := func(m manifest) int {
		if i := slices.Index(first, m.object.GetKind()); i >= 0 {
			return i
		}
		return len(first)
	}
	slices.SortStableFunc(manifests, func(a, b manifest) int { return rank(a) - rank(b) })
}
