package workbench

// What the tests see of the pure parts of the output.
var (
	Number       = number
	Percent      = percent
	Seconds      = seconds
	Bar          = bar
	Printable    = printable
	Wrap         = wrap
	WriteVersion = writeVersion
	ValueAt      = valueAt
	WatchJudges  = watchJudges
	ParseTimeout = func(s string) (string, error) {
		var t timeoutFlag
		err := t.Set(s)
		return t.String(), err
	}
)
