/*
Package tools gives the kind tools.

Tools compares the tool calls of the last message with those of the reference:
names, arguments, order and number. The score is the share of the calls that are
right, and 0 where there is no call.

	calls:
	  type: tools
	  reference: /calls
	  order: any
	  fields:
	    /city: {compare: text}
	    /days: {compare: number}
	    /note: {compare: ignore}

# Calls

The calls of the message are those of OpenAI's form (tool_calls with a function
of a name and arguments) or, without these, those of Converse (toolUse) and of
Anthropic (tool_use) among the parts of its content. Where the model writes its
calls into the text, option tag names the tags around each:

	tag: tool_call   <tool_call>{"name": "weather", "arguments": {"city": "Oslo"}}</tool_call>

Calls in the text count behind the reasoning only, and only where the message
has no others.

The reference is a list of calls, one call, or an object with such a list under
tool_calls. All of these are calls, and arguments may be an object or a string
that holds one:

	{"name": "weather", "arguments": {"city": "Oslo"}}
	{"type": "function", "function": {"name": "weather", "arguments": "{\"city\": \"Oslo\"}"}}
	{"toolUse": {"name": "weather", "input": {"city": "Oslo"}}}

An empty list wants no call: an answer in words then scores 1, and a call 0, as
does an answer that says nothing.

# Comparison

A call is right where its name is that of the reference, character by character,
and its arguments are. Arguments are JSON and compared as by the kind json:
member by member, with rules in option fields (see rft help json) by pointers
into the arguments of any call. With arguments: ignore names alone are compared.
A call with the right name earns the share of its arguments that are right.
Option name_credit is what the name alone earns, as a share of the call; it is 0
unless it is set, because to name a tool is easy.

Calls that name a tool of the reference are paired with its calls so that the
score is the highest: with order: required without crossing, with order: any
in any order. The score is the sum by the number of calls in the reference or in
the message, whichever is greater, so that calling everything pays nothing.

	extra: count   (default) as just said
	extra: allow   the sum is by the number of calls in the reference; this pays a model that
	               calls everything there is, until something is right
	extra: forbid  with a call that is paired with none the score is 0

Members of the arguments that the reference has not are wrong ones (default),
passed over or forbidden by option extra_arguments in the same way. With partial:
false the score is 1 where everything is right, and else 0.

Arguments that are not one JSON object, and those that break the bounds of the
kind json, are those of a wrong call. More than 100 calls score 0.

# Faults of the data

A reference that is missing, that is no list of calls, or that has more than 100
of them is a fault of the data.

# Metrics

	answer_found  1 where there is a call, or an answer where none is wanted
	calls         number of calls in the message
	names         share of the calls of the reference that are paired by their names
*/
package tools
