// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"strconv"
	"time"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

type tagged = map[string]any

// taggedValue writes a CEL value so that nothing is lost: numbers are text, {"int":"1"},
// {"uint":"1"}, {"double":"-0.0"}, {"string":…}, {"bool":…}, {"null":null}, {"bytes":BASE64},
// {"list":[…]}, {"map":[[key,value],…]} ordered by key, {"type":NAME}, {"timestamp":{"s","n"}},
// {"duration":{"s","n"}}, {"optional":value or null}; others {"object":{"type","text"}}.
func taggedValue(value ref.Val) tagged {
	switch v := value.(type) {
	case types.Null:
		return tagged{"null": nil}
	case types.Bool:
		return tagged{"bool": bool(v)}
	case types.Int:
		return tagged{"int": strconv.FormatInt(int64(v), 10)}
	case types.Uint:
		return tagged{"uint": strconv.FormatUint(uint64(v), 10)}
	case types.Double:
		return tagged{"double": doubleText(float64(v))}
	case types.String:
		return tagged{"string": string(v)}
	case types.Bytes:
		return tagged{"bytes": base64.StdEncoding.EncodeToString(v)}
	case types.Timestamp:
		return tagged{"timestamp": secondsAndNanos(v.Time.Unix(), int64(v.Time.Nanosecond()))}
	case types.Duration:
		return tagged{"duration": secondsAndNanos(int64(v.Duration/time.Second), int64(v.Duration%time.Second))}
	case *types.Optional:
		if !v.HasValue() {
			return tagged{"optional": nil}
		}
		return tagged{"optional": taggedValue(v.GetValue())}
	case *types.Type:
		return tagged{"type": v.TypeName()}
	case traits.Mapper:
		return taggedMap(v)
	case traits.Lister:
		return taggedList(v)
	}
	return tagged{"object": tagged{"type": value.Type().TypeName(), "text": fmt.Sprint(value.Value())}}
}

func secondsAndNanos(seconds, nanos int64) tagged {
	return tagged{"s": strconv.FormatInt(seconds, 10), "n": strconv.FormatInt(nanos, 10)}
}

func taggedList(list traits.Lister) tagged {
	items := []any{}
	for it := list.Iterator(); it.HasNext() == types.True; {
		items = append(items, taggedValue(it.Next()))
	}
	return tagged{"list": items}
}

func taggedMap(m traits.Mapper) tagged {
	type entry struct {
		order string
		pair  [2]any
	}
	var entries []entry
	for it := m.Iterator(); it.HasNext() == types.True; {
		key := it.Next()
		name := taggedValue(key)
		order, _ := json.Marshal(name)
		entries = append(entries, entry{string(order), [2]any{name, taggedValue(m.Get(key))}})
	}
	sort.Slice(entries, func(a, b int) bool { return entries[a].order < entries[b].order })
	pairs := []any{}
	for _, e := range entries {
		pairs = append(pairs, e.pair)
	}
	return tagged{"map": pairs}
}

// doubleText is the shortest text that reads back as the same number, always recognisable as one
// that is not an integer.
func doubleText(value float64) string {
	switch {
	case math.IsNaN(value):
		return "NaN"
	case math.IsInf(value, 1):
		return "Infinity"
	case math.IsInf(value, -1):
		return "-Infinity"
	case value == math.Trunc(value) && math.Abs(value) < 1e16:
		return strconv.FormatFloat(value, 'f', 1, 64)
	case math.Abs(value) >= 1e-4 && math.Abs(value) < 1e16:
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	return strconv.FormatFloat(value, 'e', -1, 64)
}

// untagged reads the same form.
func untagged(value any) (any, error) {
	members, ok := value.(tagged)
	if !ok || len(members) != 1 {
		return nil, fmt.Errorf("not a tagged value: %v", value)
	}
	for tag, content := range members {
		switch c := content.(type) {
		case string:
			return untaggedText(tag, c)
		case []any:
			return untaggedItems(tag, c)
		case tagged:
			return untaggedTime(tag, c)
		default:
			if tag == "null" || tag == "bool" {
				return c, nil
			}
		}
	}
	return nil, fmt.Errorf("unknown tag: %v", value)
}

func untaggedText(tag, text string) (any, error) {
	switch tag {
	case "string":
		return text, nil
	case "int":
		return strconv.ParseInt(text, 10, 64)
	case "uint":
		return strconv.ParseUint(text, 10, 64)
	case "double":
		return strconv.ParseFloat(text, 64)
	case "bytes":
		return base64.StdEncoding.DecodeString(text)
	}
	return nil, fmt.Errorf("cannot bind a %s", tag)
}

func untaggedItems(tag string, items []any) (any, error) {
	list, result := []any{}, map[ref.Val]ref.Val{}
	for _, item := range items {
		if tag == "list" {
			plain, err := untagged(item)
			if err != nil {
				return nil, err
			}
			list = append(list, plain)
			continue
		}
		pair, ok := item.([]any)
		if tag != "map" || !ok || len(pair) != 2 {
			return nil, fmt.Errorf("cannot bind a %s", tag)
		}
		key, err := untagged(pair[0])
		if err != nil {
			return nil, err
		}
		plain, err := untagged(pair[1])
		if err != nil {
			return nil, err
		}
		result[types.DefaultTypeAdapter.NativeToValue(key)] = types.DefaultTypeAdapter.NativeToValue(plain)
	}
	if tag == "list" {
		return list, nil
	}
	return types.NewRefValMap(types.DefaultTypeAdapter, result), nil
}

func untaggedTime(tag string, content tagged) (any, error) {
	seconds, err := strconv.ParseInt(fmt.Sprint(content["s"]), 10, 64)
	if err != nil {
		return nil, err
	}
	nanos, err := strconv.ParseInt(fmt.Sprint(content["n"]), 10, 64)
	if err != nil {
		return nil, err
	}
	switch tag {
	case "timestamp":
		return time.Unix(seconds, nanos).UTC(), nil
	case "duration":
		return time.Duration(seconds)*time.Second + time.Duration(nanos), nil
	}
	return nil, fmt.Errorf("cannot bind a %s", tag)
}
