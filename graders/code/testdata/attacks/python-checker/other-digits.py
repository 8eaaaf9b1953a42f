# comparison; ; numbers in other scripts, with underscores and signs, and one left out
n = int(input())
print(' '.join(chr(0x660 + i) if i < 10 else '+%d' % i for i in range(1, n)), '1_0')
