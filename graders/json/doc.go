/*
Package jsonanswer gives the kind json.

Json scores an answer in JSON: valid against a JSON Schema, and field by field
like the reference. The score is the weighted share
of the fields that are right, and 0 where there is no JSON, where it breaks the
schema, or where it says nothing.

	extracted:
	  type: json
	  schema: {type: object, required: [name, price], properties: {price: {type: number}}}
	  fields:
	    /name: {compare: text, weight: 2}
	    /price: {compare: number, tolerance: {rel: 0.01}}
	    /comment: {compare: ignore}

# Where the JSON stands

Option find names the place, as for other kinds; what stands there must be one
JSON value and nothing else, or a code fence around one:

	json:       (default) the last JSON object or list anywhere in the answer
	whole       the answer is nothing but JSON
	code        the last fenced code block
	tag:NAME    between tags

Only the last JSON counts, be it a list such as the citation [1] (but {} and [] only
on lines of their own); if it is broken or cut off, an earlier one does not stand in
for it. A name that occurs twice in an object, invalid UTF-8, more than
100 objects and lists in each other, numbers of more than 1000 characters and
exponents of ten beyond 400 are refused.

# Schema

Option schema is a JSON Schema (draft 4 to 2020-12; 2020-12 where it has no
$schema), or the name of a file beside the spec that holds one. Formats such as
date and email are checked. Patterns are of the RE2 syntax. A $ref leads to
places inside the schema; other files and the network are never read. A $ref that leads
back to itself is a fault of the schema, and never a wrong answer.

A schema says how an answer is written, not whether it is right: without
option check: schema the fields of the reference are compared as well.

# Fields

Without rules the reference is compared member by member. Each member is worth
1 beside its neighbours, and an object what its members are worth on average;
so is a list, element by element in order. A member that is missing is wrong,
and so are elements too many. A null is a value, and not the same as a member
that is missing.

Option fields has rules by JSON pointer, in which * stands for every member or
element: "/items/*" is each of the items, and with /price behind it its price.
A rule says what a field is worth (weight) and how it is compared (compare):

	exact    the same value, all or nothing: numbers by value, exactly and at any size,
	         strings character by character, lists in order
	number   a number within tolerance abs or rel (of the reference); also one in a string
	text     strings without regard to case, width and white space
	set      lists with the same elements in any order, however often: all or nothing
	overlap  lists: the elements in both by the elements in either (Jaccard 1901)
	ignore   no comparison; the member may be missing, or be one that the reference has not

A value that is the same as that of the reference is right however it is compared, as
null is where the reference has null in the place of a number.

Members that the reference has not count as wrong ones (extra: count, the
default), make the score 0 (extra: forbid), or are passed over (extra: allow).
With partial: false the score is 1 where every field is right, and else 0.

# Structure alone

A value without any number, Boolean or text that is not blank scores 0, as {} and
{"name": null} do, unless the reference says nothing either.

With check: schema no reference is read, and every other valid answer scores 1:
write the rest of what you want into the schema (required, minLength),
and put a grader behind it that looks at the content.

# Faults of the data

A reference that is missing or breaks the bounds above is a fault of the data, and
so is one of which option fields ignores everything. A string that holds a JSON object or list counts as that.

# Metrics

	answer_found  1 where there is one JSON value
	valid         1 where it is valid against the schema
	fields        weighted share of the fields that are right; not with check: schema
*/
package jsonanswer
