package citation_test

import (
	"testing"

	"example.com/citation/citation"
	"github.com/rftgrader/rftgrader/grader/gradertest"
)

func TestConformance(t *testing.T) { gradertest.Run(t, citation.Kind, "testdata") }
