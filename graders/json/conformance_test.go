package jsonanswer_test

import (
	"testing"

	"github.com/rftgrader/rftgrader/grader/gradertest"
	jsonanswer "github.com/rftgrader/rftgrader/graders/json"
)

func TestConformance(t *testing.T) { gradertest.Run(t, jsonanswer.Kind, "testdata") }
