package workbench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader/workbench/calibration"
	"github.com/rftgrader/rftgrader/grader/workbench/rollouts"
	"github.com/rftgrader/rftgrader/grader/workbench/stats"
)

// eachLine calls do with every line of a JSONL file that is not blank. Errors
// name the line. The line is valid JSON, and do must not keep it.
func eachLine(ctx context.Context, in input, do func(line []byte) error) error {
	file, err := in.open(ctx)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, rollouts.MaxBytes)
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff")))
		if len(line) == 0 {
			continue
		}
		if !json.Valid(line) {
			err = errors.New("want one JSON value on each line")
		} else {
			err = do(line)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("%s:%d: %w", in.name, n, err), file.Close())
		}
	}
	if err := lines.Err(); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", in.name, err), file.Close())
	}
	return file.Close()
}

// valueAt follows a JSON pointer.
func valueAt(line []byte, pointer string) (jsontext.Value, bool) {
	value := jsontext.Value(line)
	for token := range jsontext.Pointer(pointer).Tokens() {
		d := jsontext.NewDecoder(bytes.NewReader(value), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
		kind := d.PeekKind()
		if kind != '{' && kind != '[' {
			return nil, false
		}
		if _, err := d.ReadToken(); err != nil {
			return nil, false
		}
		found := false
		for i := 0; !found && d.PeekKind() != '}' && d.PeekKind() != ']'; i++ {
			name := strconv.Itoa(i)
			if kind == '{' {
				key, err := d.ReadToken()
				if err != nil {
					return nil, false
				}
				name = key.String()
			}
			v, err := d.ReadValue()
			if err != nil {
				return nil, false
			}
			if found = name == token; found {
				value = v.Clone()
			}
		}
		if !found {
			return nil, false
		}
	}
	return value, true
}

// labelsAt returns the labels that pointers lead to, those of a list one by one.
func labelsAt(line []byte, pointers []string) []calibration.Label {
	if line == nil {
		return nil
	}
	var labels []calibration.Label
	for _, pointer := range pointers {
		v, ok := valueAt(line, pointer)
		if !ok {
			continue
		}
		list := []json.RawMessage{json.RawMessage(v)}
		if v.Kind() == '[' && json.Unmarshal(v, &list) != nil {
			continue
		}
		for _, one := range list {
			if l, ok := calibration.ParseLabel(one); ok {
				labels = append(labels, l)
			}
		}
	}
	return labels
}

// biasMetric is the name of the metric that tells a judge's position bias, behind the
// name of its grader.
const biasMetric = "position_bias"

func isBias(name string) bool {
	return name == biasMetric || strings.HasSuffix(name, "."+biasMetric)
}

// biasIn returns the position bias that a line of results tells: the mean of those
// of its graders.
func biasIn(line []byte) *float64 {
	var result struct {
		Metrics []struct {
			Name  string  `json:"name"`
			Value float64 `json:"value"`
		} `json:"metrics_list"`
	}
	if json.Unmarshal(line, &result) != nil {
		return nil
	}
	var m stats.Moments
	for _, metric := range result.Metrics {
		if isBias(metric.Name) {
			m.Add(metric.Value)
		}
	}
	return meanOf(&m)
}

func meanOf(m *stats.Moments) *float64 {
	if m.N() == 0 {
		return nil
	}
	mean := m.Mean()
	return &mean
}

// textAt returns the string that a pointer leads to.
func textAt(line []byte, pointer string) (string, bool) {
	v, ok := valueAt(line, pointer)
	if !ok || v.Kind() != '"' {
		return "", false
	}
	var s string
	return s, json.Unmarshal(v, &s) == nil
}

// idAt returns the id that a pointer leads to as JSON, or "".
func idAt(line []byte, pointer string) string {
	v, ok := valueAt(line, pointer)
	if !ok || v.Kind() == 'n' || v.Canonicalize() != nil {
		return ""
	}
	return string(v)
}
