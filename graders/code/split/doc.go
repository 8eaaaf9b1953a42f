/*
Package split runs tests that are programs without letting the code under test
near them.

A test that shares a process with the code it tests can be rewritten, skipped,
or told that it passed. Here the tests run in a process of their own, the
tester, and the candidate in another. The tester has stand-ins for what the
candidate defines: calling one sends a line to the grader, which asks the
candidate and brings the answer back. Both run confined; neither can reach the
other but through the grader.

	tester  --ask-->  grader  --call-->  candidate
	tester <-reply--  grader <-value---  candidate

# The verdict

A test has passed when the tester said so, on a descriptor of its own and with
a number that only the grader and the tester know. What the tests print, and
how the tester ends, mean nothing. A test that the tester began and did not
end has not passed; nor has one that was skipped, one that should have run and
did not, or one in which the candidate's process ended.

# What crosses

Plain data crosses and is rebuilt from nothing: numbers, text, bytes, lists,
tuples, sets, maps, dates and times, and objects of plain classes that the prompt
or the setup of Python tests defines, such as the nodes of a list. An argument that the call changed in place is changed in
the tester. Errors are raised again by the name and nearest built-in class they
had, and with their members where Python tests look at these. Objects of the candidate's own classes stay where they are, and the tester
has handles: it can call their methods and read what they hold, as data. It
never asks them to judge: comparing such an object with anything but itself
fails the test, and so does handing it a value of the tests to search or add
where the tests do not name its class.

What cannot cross makes the tests unsplittable: any other object that the tests
made, a function over changing names, a file, output that the tests capture. [Report] then
says why. Where the caller allows it, such tests run in one process with the
candidate: the host is as safe as before, the verdict is not, and the Report
is not Trusted.

# What this cannot do

Tests that trust what they gave away can be fooled in any process: a function
that empties its argument is right by a test that later compares the result
with the argument. In Python such a change becomes visible when the statement
with the call has ended, so that "assert f(xs) == sorted(xs)" holds; in
JavaScript and Go it is visible at once.
*/
package split
