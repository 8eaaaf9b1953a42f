package verdict

// A Reason says why there is no verdict. It never quotes the answer.
type Reason string

const (
	// None means that nothing in the answer is a verdict.
	None Reason = "no verdict"
	// Empty means that there is no text, or only reasoning and quotations.
	Empty Reason = "nothing but reasoning, quotations or white space"
	// Unusable means that a score is named whose value is no number or label.
	Unusable Reason = "the verdict's value cannot be used"
	// OutOfRange means that the number is outside the scale.
	OutOfRange Reason = "out of range"
	// Several means that verdicts differ, or belong to several candidates.
	Several Reason = "several verdicts"
	// Doubtful means that the verdict is a range, a bound or a question.
	Doubtful Reason = "a range or a doubtful verdict"
	// Truncated means that the answer ends before the verdict does.
	Truncated Reason = "cut off before the end of the verdict"
	// OtherScale means that the verdict is on another scale.
	OtherScale Reason = "a verdict on another scale"
	// Unfit means that the items of a verdict are not those that were asked for.
	Unfit Reason = "the items are not those that were asked for"
	// TooLong means that the answer is longer than [MaxBytes].
	TooLong Reason = "too long to be read"
)

func (r Reason) Error() string { return string(r) }
