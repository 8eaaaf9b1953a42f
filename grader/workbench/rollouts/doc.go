// Package rollouts reads rollouts from files and streams of any size, one at a
// time, and holds no more than the one that is being read.
//
// The form is decided by the content:
//
//	[{...}, {...}]               a JSON array of rollouts
//	{"trajectories": [{...}]}    the same inside an object, as some trainers send it
//	{...}                        one rollout, on one line or on several
//	{...} {...}                  rollouts one after the other, each on several lines
//	{...}                        JSONL: one rollout on each line, and anything
//	{...}                        that is not one of the forms above
//
// A byte order mark, CRLF, blank lines and a missing last line end are fine.
//
// Damage stays where it is. A line that is not valid JSON or no rollout, and an
// element of an array with broken grammar inside, are rows of their own with a
// [*grader.DataError]; what stands around them is read. Only where an array's
// brackets do not match is the rest of the file given up, with a [*DamageError].
package rollouts
