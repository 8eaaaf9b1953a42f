"""Runs test files with the frameworks themselves, and records by protocol."""

import os
import sys
import unittest

from rft_channel import line_of


def _failed(kind):
    return "failed" if issubclass(kind, AssertionError) else "error"


class _Result(unittest.TestResult):
    """Says of each test what came of it."""

    def __init__(self, record):
        super().__init__()
        self._record = record
        self._outcome = None

    def startTest(self, test):
        super().startTest(test)
        self._outcome = None
        self._record.start(test.id())

    def _note(self, outcome, detail=""):
        if self._outcome in (None, "passed"):
            self._outcome = (outcome, detail) if outcome != "passed" else "passed"

    def stopTest(self, test):
        outcome = self._outcome or ("error", "it said nothing")
        if outcome == "passed":
            outcome = ("passed", "")
        self._record.end(test.id(), *outcome)
        super().stopTest(test)

    def addSuccess(self, test):
        self._note("passed")

    def addFailure(self, test, err):
        self._note(_failed(err[0]), line_of(err[1]))

    def addError(self, test, err):
        if isinstance(test, unittest.TestCase):
            self._note(_failed(err[0]), line_of(err[1]))
        else:
            # setUpClass or setUpModule: the tests below it do not run.
            self._record.note(line_of(err[1]))

    def addSkip(self, test, reason):
        self._note("skipped", "skipped")

    def addExpectedFailure(self, test, err):
        self._note("passed")

    def addUnexpectedSuccess(self, test):
        self._note("failed", "it passed where the tests expect a failure")

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._note(_failed(err[0]), line_of(err[1]))


def _tests(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from _tests(test)
        else:
            yield test


def run_unittest(modules, record, whole):
    suite = unittest.defaultTestLoader.suiteClass(
        [unittest.defaultTestLoader.loadTestsFromModule(m) for m in modules])
    record.plan([t.id() for t in _tests(suite)], whole)
    suite.run(_Result(record))


def run_pytest(files, record):
    try:
        import pytest
    except ImportError:
        record.missing("pytest")
        return

    before, taken = record.channel.asked, record.channel.taken

    class Plugin:
        def __init__(self):
            self.outcome = {}
            self.collected = self.failed = False

        @pytest.hookimpl(tryfirst=True)
        def pytest_exception_interact(self, node, call, report):
            """A file of the tests that cannot be read is their own fault, if the
            candidate had no word in it."""
            e = call.excinfo.value
            e = e.__cause__ or e
            if isinstance(report, pytest.CollectReport) and record.blameless(e, before, False):
                record.broken(line_of(e))

        @pytest.hookimpl(tryfirst=True)
        def pytest_collectreport(self, report):
            if report.failed:
                self.failed = True
                info = getattr(report, "longrepr", None)
                record.collection(str(report.nodeid), str(info)[-2000:])

        @pytest.hookimpl(trylast=True)
        def pytest_collection_finish(self, session):
            self.collected = True
            record.plan([i.nodeid for i in session.items], not self.failed and record.channel.asked == before)

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_logstart(self, nodeid, location):
            self.outcome[nodeid] = None
            record.start(nodeid)

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_makereport(self, item, call):
            nodeid = item.nodeid
            found = self.outcome.get(nodeid)
            if call.excinfo is not None:
                kind = call.excinfo.type
                if issubclass(kind, pytest.skip.Exception):
                    found = found or ("skipped", "skipped")
                elif issubclass(kind, pytest.xfail.Exception):
                    found = found or ("skipped", "expected to fail")
                elif found is None or found[0] == "passed":
                    wrong = issubclass(kind, (AssertionError, pytest.fail.Exception))
                    found = ("failed" if wrong else "error", line_of(call.excinfo.value))
            elif call.when == "call" and found is None:
                found = ("passed", "")
            self.outcome[nodeid] = found

        @pytest.hookimpl(trylast=True)
        def pytest_runtest_logreport(self, report):
            # A test that is marked as expected to fail decides with the mark's own rule.
            if hasattr(report, "wasxfail") and report.when == "call":
                self.outcome[report.nodeid] = ("passed", "") if report.skipped else ("failed", "it passed where the tests expect a failure")

        @pytest.hookimpl(trylast=True)
        def pytest_runtest_logfinish(self, nodeid, location):
            record.end(nodeid, *(self.outcome.get(nodeid) or ("error", "it said nothing")))

    os.environ.pop("PYTEST_ADDOPTS", None)
    here = os.getcwd()
    for folder in {os.path.dirname(os.path.join(here, f)) for f in files} | {here}:
        if folder not in sys.path:
            sys.path.insert(0, folder)
    plugin = Plugin()
    status = pytest.main(["-q", "-p", "no:cacheprovider", "--capture=no", "--rootdir=" + here, "--import-mode=prepend"] + files,
                plugins=[plugin])
    if not plugin.collected and status == 4 and record.channel.asked == before and record.channel.taken == taken and not record.channel.foul:
        record.broken("pytest does not start with these files")
