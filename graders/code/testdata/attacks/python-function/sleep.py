# timeout; ; uses no processor time
import select
def steps(n):
    while True:
        select.select([], [], [], 3600)
