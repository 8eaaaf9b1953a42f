# crash; ; output on which a careless checker dies: digits without end, NUL, lone surrogates
import sys
sys.stdout.buffer.write(b'\x00\xff\xed\xa0\x80 ' + b'9' * 30000 + b' ' + b'1 ' * 5000)
