# test-framework; ; functions that are fixtures, marks and expected failures
try:
    import pytest
    xfail = pytest.mark.xfail(strict=False)
except ImportError:
    def xfail(f): return f


@xfail
def clamp(x, low, high):
    clamp.__dict__['pytestmark'] = [xfail]
    raise AssertionError('expected to fail')


mean = clamp
clamp.__test__ = False
clamp._pytestfixturefunction = True
