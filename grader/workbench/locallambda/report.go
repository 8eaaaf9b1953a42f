package locallambda

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// The lines below have the text format of Lambda's own log lines.

func startLine(v *invocation) string {
	return "START RequestId: " + v.id + " Version: " + version
}

// endLines returns END and REPORT. The peak memory in MB is left out where it
// is not known.
func endLines(v *invocation, out outcome, memoryMB, peakMB int) string {
	var b strings.Builder
	if out.note != "" {
		b.WriteString(out.note + "\n")
	}
	fmt.Fprintf(&b, "END RequestId: %s\n", v.id)
	fmt.Fprintf(&b, "REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %.0f ms\tMemory Size: %d MB\t",
		v.id, milliseconds(v.took), math.Ceil(milliseconds(v.took+v.init)), memoryMB)
	if peakMB > 0 {
		fmt.Fprintf(&b, "Max Memory Used: %d MB\t", peakMB)
	}
	if v.init > 0 {
		fmt.Fprintf(&b, "Init Duration: %.2f ms\t", milliseconds(v.init))
	}
	writeStatus(&b, out)
	return b.String()
}

// initLine reports an initialising that failed, in the phase init or invoke.
func initLine(took time.Duration, phase string, out outcome) string {
	var b strings.Builder
	fmt.Fprintf(&b, "INIT_REPORT Init Duration: %.2f ms\tPhase: %s\t", milliseconds(took), phase)
	writeStatus(&b, out)
	return b.String()
}

func writeStatus(b *strings.Builder, out outcome) {
	if out.status != "" {
		fmt.Fprintf(b, "Status: %s\t", out.status)
	}
	if out.status == "error" && out.errorType != "" {
		fmt.Fprintf(b, "Error Type: %s\t", out.errorType)
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
