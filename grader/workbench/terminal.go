package workbench

import (
	"io"
	"os"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"golang.org/x/term"
)

// isTerminal reports whether a person reads w as it is written.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// paint is how text is set off: plain, or with the escape codes of terminals.
type paint struct{ codes bool }

// paintFor follows NO_COLOR (https://no-color.org) and TERM.
func paintFor(w io.Writer) paint {
	return paint{isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

func (p paint) bold(s string) string { return p.wrap("1", s) }
func (p paint) warn(s string) string { return p.wrap("33", s) }

func (p paint) wrap(code, s string) string {
	if !p.codes {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// readsUTF8 reports whether the locale is one of UTF-8, by the variables and
// in the order of POSIX.
func readsUTF8() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := os.Getenv(name); v != "" {
			v = strings.ToLower(v)
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return false
}

// newGrid returns a table without lines, its columns two spaces apart.
func newGrid(p paint, headings ...string) table.Writer {
	t := table.NewWriter()
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Box.PaddingLeft = ""
	style.Box.PaddingRight = "  "
	style.Format = table.FormatOptions{}
	t.SetStyle(style)
	t.SuppressTrailingSpaces()
	row := make(table.Row, len(headings))
	for i, h := range headings {
		row[i] = p.bold(h)
	}
	if len(headings) > 0 {
		t.AppendHeader(row)
	}
	return t
}
