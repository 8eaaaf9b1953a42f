# comparison; ; an asynchronous function, which nobody awaits
async def order(xs):
    return sorted(xs)
