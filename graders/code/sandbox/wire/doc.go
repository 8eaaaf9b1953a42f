/*
Package wire is the language of calls and values between the grader, a driver
that holds a candidate, and a tester that holds tests.

# Lines

Each message is one JSON object on one line, written and read on descriptors of
their own (not standard input or output).

	{"id":1,"op":"call","entry":"two_sum","args":[[2,7],9],"kwargs":{},"nonce":"…"}
	{"id":1,"nonce":"…","value":[0,1]}
	{"id":1,"nonce":"…","error":{"type":"ValueError","bases":["ValueError","Exception"],"message":"…"}}

A reply repeats id and nonce. Other operations, for drivers with entry "*":

	{"id":2,"op":"call","entry":"f","args":[…],"echo":true}   the reply also has "args": the arguments as they are after the call
	{"id":2,"op":"call","entry":"f","held":true}              an error in the reply also has "h", by which it may be asked (Python)
	{"id":3,"op":"names"}                                    {"id":3,"value":{"f":"function","Stack":"class","LIMIT":"value"}}
	{"id":4,"op":"new","entry":"Stack","args":[]}            {"id":4,"value":{"$o":"Stack","h":1}}
	{"id":5,"op":"method","h":1,"entry":"push","args":[3]}
	{"id":6,"op":"get","h":1,"entry":"size"}                 an attribute; without h: of the module
	{"id":7,"op":"set","h":1,"entry":"size","args":[3]}

# Values

	null true false          as in JSON
	"text"                   text; lone surrogates as \udXXX escapes
	12                       an integer of any size
	12.0 1e300               a float always has a point or an exponent
	{"$f":"nan"}             nan, inf, -inf
	[1,2]                    a list or array
	{"$t":[1,2]}             a tuple
	{"$s":[1,2]} {"$fs":[…]} a set, a frozen set, members in any order
	{"a":1}                  a map, if all keys are text and none begins with "$"
	{"$d":[[1,2],["a",3]]}   any other map, in its order
	{"$b":"aGk="}            bytes
	{"$c":[1.0,2.0]}         a complex number
	{"$n":"12.50","k":"Decimal"}  a number of an exact type (Decimal, Fraction "1/3")
	{"$u":0}                 JavaScript's undefined
	{"$o":"Stack","h":1}     an object that is no plain data; h, where the program may be asked about it
	{"$x":"deep"}            what could not be written: deep (nested more than 200), cyclic, long, iterator
*/
package wire
