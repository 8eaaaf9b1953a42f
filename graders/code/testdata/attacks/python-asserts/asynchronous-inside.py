# comparison; ; returns an object that could be awaited
async def later(xs):
    return sorted(xs)


def order(xs):
    return later(xs)
