package workbench

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/workbench/figures"
)

// junitForm writes what CI systems show as tests: each rollout is one, which fails
// where it does not pass and is an error where it is ungraded, and each gate is
// one. The counts stand before the tests, so all are kept to the end.
type junitForm struct {
	threshold float64
	cases     []byte
	tests     int
	failures  int
	errors    int
	seconds   float64
}

func (f *junitForm) head() []byte { return nil }

func (f *junitForm) row(dst []byte, at row, o *batch.Outcome) ([]byte, error) {
	name := o.Item.Rollout.ID
	if name == "" {
		name = at.Place()
	}
	f.tests++
	f.seconds += o.Took.Seconds()
	var b bytes.Buffer
	fmt.Fprintf(&b, `    <testcase classname="%s" name="%s" file="%s" line="%d" time="%.6f">`, attribute(at.file), attribute(name), attribute(at.file), at.Line, o.Took.Seconds())
	switch {
	case !o.Graded():
		f.errors++
		fmt.Fprintf(&b, `<error type="%s" message="%s"/>`, attribute(string(o.Fault())), attribute(grader.Explain(o.Err)))
	case !figures.Passes(o.Result.Score, f.threshold):
		f.failures++
		fmt.Fprintf(&b, `<failure type="reward" message="%s">%s</failure>`,
			attribute(fmt.Sprintf("reward %s, want %s; found: %s", number(o.Result.Score), number(f.threshold), clip(o.Result.Found, 200))), attribute(o.Result.Reason))
	}
	b.WriteString("</testcase>\n")
	f.cases = append(f.cases, b.Bytes()...)
	return dst, nil
}

func (f *junitForm) tail(s *summary, _ *tally, gates []gateResult) ([]byte, error) {
	failed := 0
	for _, g := range gates {
		if g.failed != "" {
			failed++
		}
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	fmt.Fprintf(&b, "<testsuites name=\"rft grade\" tests=\"%d\" failures=\"%d\" errors=\"%d\" time=\"%.6f\">\n", f.tests+len(gates), f.failures+failed, f.errors, s.Seconds)
	fmt.Fprintf(&b, "  <testsuite name=\"rollouts\" tests=\"%d\" failures=\"%d\" errors=\"%d\" time=\"%.6f\">\n", f.tests, f.failures, f.errors, f.seconds)
	b.WriteString("    <properties>\n")
	fmt.Fprintf(&b, "      <property name=\"spec\" value=\"%s\"/>\n      <property name=\"spec.hash\" value=\"%s\"/>\n", attribute(s.Spec.Path), s.Spec.Hash)
	if s.Reward != nil {
		fmt.Fprintf(&b, "      <property name=\"mean\" value=\"%s\"/>\n", float(float64(s.Reward.Mean)))
	}
	b.WriteString("    </properties>\n")
	b.Write(f.cases)
	b.WriteString("  </testsuite>\n")
	if len(gates) > 0 {
		fmt.Fprintf(&b, "  <testsuite name=\"gates\" tests=\"%d\" failures=\"%d\" errors=\"0\">\n", len(gates), failed)
		for _, g := range gates {
			fmt.Fprintf(&b, `    <testcase classname="gates" name="%s">`, attribute(g.name))
			if g.failed != "" {
				fmt.Fprintf(&b, `<failure type="gate" message="%s"/>`, attribute(g.failed))
			}
			b.WriteString("</testcase>\n")
		}
		b.WriteString("  </testsuite>\n")
	}
	b.WriteString("</testsuites>\n")
	return b.Bytes(), nil
}

// attribute escapes a text for XML, which has no place for control characters.
func attribute(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' {
			return '\uFFFD'
		}
		return r
	}, clip(strings.ToValidUTF8(s, "\uFFFD"), 2000))
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder takes anything
	return b.String()
}
