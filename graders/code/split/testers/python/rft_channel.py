"""The lines between the tester and the grader.

The verdict is what is said here and nowhere else. The nonce is known to the
grader and to this module; what the tests print goes nowhere.
"""

import json
import os
from _thread import allocate_lock

_read, _write = os.read, os.write


class CandidateGone(BaseException):
    """The candidate's process has ended. No test may catch it and go on as if
    nothing had happened; the grader has marked the test as failed already."""


class Refused(BaseException):
    """A test asked an object of the candidate to be the judge."""


class Unsplittable(BaseException):
    """The tests need what cannot cross between processes."""


def line_of(e):
    """The first line of an error, for people."""
    try:
        text = str(e)
    except BaseException:
        text = ""
    return ("%s: %s" % (type(e).__name__, text.partition("\n")[0]))[:300]


class Channel:
    def __init__(self, fd_in, fd_out):
        self._in, self._out = fd_in, fd_out
        self._rest = b""
        self.config = json.loads(self._line())
        self._nonce = self.config.pop("nonce")
        self.unsplittable = None
        self.foul = ""  # why the running test cannot pass any more
        self.asked = 0  # how often the candidate had a word
        self.taken = 0  # how often the tests took a name of the candidate's, or tried to
        self.generation = 0  # of the candidate's process: handles die with it
        # Tests may have threads: a question and its answer stay together.
        self._turn = allocate_lock()

    def _line(self):
        parts = [self._rest]
        while b"\n" not in parts[-1]:
            part = _read(self._in, 1 << 16)
            if not part:
                os._exit(3)
            parts.append(part)
        line, _, self._rest = b"".join(parts).partition(b"\n")
        return line

    def say(self, **message):
        message["nonce"] = self._nonce
        data = json.dumps(message, separators=(",", ":")).encode() + b"\n"
        while data:
            data = data[_write(self._out, data):]

    def ask(self, **operation):
        """Sends an operation to the candidate and returns its reply."""
        with self._turn:
            self.say(ask=operation)
            line = self._line()
        try:
            reply = json.loads(line)
        except BaseException:
            self.condemn(CandidateGone("the candidate's side sent a value that cannot be read"))
        if "dead" in reply:
            self.generation += 1
            self.condemn(CandidateGone(reply["dead"]))
        return reply

    def condemn(self, e):
        """Raises what no test may catch and pass all the same."""
        self.foul = self.foul or str(e) or type(e).__name__
        raise e

    def give_up(self, reason):
        """Says that the tests cannot be split, and leaves the test."""
        if self.unsplittable is None:
            self.unsplittable = reason
            self.say(unsplittable=reason)
        raise Unsplittable(reason)
