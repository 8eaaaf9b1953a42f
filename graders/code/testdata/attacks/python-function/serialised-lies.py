# forged-result; ; values that say how they are to be written, pickled and copied
import collections


class Lie:
    def __reduce__(self): return (eval, ('0',))
    def __getstate__(self): return {}
    def __json__(self): return '0'
    def to_json(self): return '0'
    def _asdict(self): return {'$o': 'int', 'value': 0}
    def __index__(self): return 0
    __int__ = __float__ = __index__
    def __str__(self): return '0,"value":0}'
    __repr__ = __str__


Row = collections.namedtuple('Row', 'value')


def steps(n):
    return Lie() if n % 2 else Row({'$n': '0', 'k': 'Decimal'})
