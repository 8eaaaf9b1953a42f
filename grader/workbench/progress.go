package workbench

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress is a bar on a terminal; nil is none.
type progress struct {
	bar *progressbar.ProgressBar
}

// newProgress returns nil where w is no terminal. Total is in bytes; -1 is
// unknown.
func newProgress(w io.Writer, total int64) *progress {
	if !isTerminal(w) {
		return nil
	}
	theme := progressbar.ThemeASCII
	if readsUTF8() {
		theme = progressbar.ThemeDefault
	}
	return &progress{progressbar.NewOptions64(total,
		progressbar.OptionSetTheme(theme),
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription("grading"),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(total > 0),
	)}
}

// during returns what tells of the progress inside a chunk, behind so many
// rollouts, that takes the bytes from begin to end of the input.
func (p *progress) during(before int, begin, end int64) func(done, total int) {
	if p == nil {
		return nil
	}
	return func(done, total int) {
		p.bar.Describe(fmt.Sprintf("graded %d", before+done))
		at := begin
		if total > 0 {
			at += (end - begin) * int64(done) / int64(total)
		}
		// A bar that cannot be drawn is no reason to stop.
		_ = p.bar.Set64(at)
	}
}

// at tells of so many rollouts, behind so many bytes of the input.
func (p *progress) at(done int, offset int64) {
	if p == nil {
		return
	}
	p.bar.Describe(fmt.Sprintf("graded %d", done))
	_ = p.bar.Set64(offset) // as in during
}

// clear takes the bar away.
func (p *progress) clear() {
	if p != nil {
		_ = p.bar.Clear() // as in during
	}
}
