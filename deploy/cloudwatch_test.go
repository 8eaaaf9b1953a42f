package deploy_test

import (
	"encoding/json"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/lambdagrader"
	"github.com/rftgrader/rftgrader/testdata"
)

// resource is one of a rendered template.
type resource struct {
	Type       string
	Properties json.RawMessage
}

// render returns the resources of a template as they are for a deployment, with
// references to resources replaced by names.
func render(t *testing.T, template, deployment string, names map[string]string) map[string]resource {
	t.Helper()
	folder := filepath.Join(testdata.Root(), "deploy")
	text, err := json.Marshal(names)
	require.NoError(t, err)
	checkDeployTools(t)
	cmd := exec.Command("node", filepath.Join(folder, "check", "render.mjs"), filepath.Join(folder, template), deployment, string(text))
	out, err := cmd.Output()
	require.NoError(t, err, "%s %s", out, err)
	var rendered struct{ Resources map[string]resource }
	require.NoError(t, json.Unmarshal(out, &rendered))
	return rendered.Resources
}

var resourceNames = map[string]string{
	"Function": "rftgrader", "Function.Arn": "arn:aws:lambda:us-east-1:123456789012:function:rftgrader",
	"LogGroup": "/aws/lambda/rftgrader", "LogGroup.Arn": "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/rftgrader:*",
}

// metric is a metric of CloudWatch, with its one dimension.
type metric struct{ namespace, name, dimension, function string }

// TestEveryWatchedMetricIsWritten compares the names in the alarms and on the
// dashboard with those that the function writes.
func TestEveryWatchedMetricIsWritten(t *testing.T) {
	// What Lambda itself writes, by its documentation.
	lambda := []string{"Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"}
	written := lambdagrader.MetricNames()
	var watched []metric
	for id, r := range render(t, "template.yaml", "hardened", resourceNames) {
		switch r.Type {
		case "AWS::CloudWatch::Alarm":
			found := alarmMetrics(t, r.Properties)
			require.NotEmpty(t, found, id)
			watched = append(watched, found...)
		case "AWS::CloudWatch::Dashboard":
			found := dashboardMetrics(t, r.Properties)
			require.Greater(t, len(found), 15, id)
			watched = append(watched, found...)
		}
	}
	seen := map[string]bool{}
	for _, m := range watched {
		require.Equal(t, "FunctionName", m.dimension, m)
		require.Equal(t, "rftgrader", m.function, m)
		switch m.namespace {
		case "AWS/Lambda":
			require.Contains(t, lambda, m.name)
		case lambdagrader.Namespace:
			require.Contains(t, written, m.name)
			seen[m.name] = true
		default:
			t.Errorf("nobody writes to the namespace %s", m.namespace)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(written)) {
		if !seen[name] {
			t.Errorf("%s is written, and neither on the dashboard nor in an alarm", name)
		}
	}
}

type dimension struct{ Name, Value string }

func alarmMetrics(t *testing.T, properties json.RawMessage) (out []metric) {
	t.Helper()
	type named struct {
		Namespace, MetricName string
		Dimensions            []dimension
	}
	var alarm struct {
		named
		Metrics []struct{ MetricStat struct{ Metric named } }
	}
	require.NoError(t, json.Unmarshal(properties, &alarm))
	all := []named{alarm.named}
	for _, m := range alarm.Metrics {
		all = append(all, m.MetricStat.Metric)
	}
	for _, m := range all {
		if m.MetricName == "" {
			continue
		}
		require.Len(t, m.Dimensions, 1)
		out = append(out, metric{m.Namespace, m.MetricName, m.Dimensions[0].Name, m.Dimensions[0].Value})
	}
	return out
}

// dashboardMetrics reads the short forms of dashboards: "." is the value above
// it, "..." are all of the line above.
func dashboardMetrics(t *testing.T, properties json.RawMessage) (out []metric) {
	t.Helper()
	var dashboard struct{ DashboardBody string }
	require.NoError(t, json.Unmarshal(properties, &dashboard))
	var body struct {
		Widgets []struct{ Properties struct{ Metrics [][]any } }
	}
	require.NoError(t, json.Unmarshal([]byte(dashboard.DashboardBody), &body))
	for _, w := range body.Widgets {
		var above []string
		for _, line := range w.Properties.Metrics {
			var names []string
			for _, v := range line {
				if s, ok := v.(string); ok {
					names = append(names, s)
				}
			}
			if len(names) == 1 && names[0] == "..." {
				names = above
			}
			require.Len(t, names, 4)
			for i, name := range names {
				if name == "." {
					names[i] = above[i]
				}
			}
			above = names
			out = append(out, metric{names[0], names[1], names[2], names[3]})
		}
	}
	return out
}
