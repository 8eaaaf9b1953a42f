# guess; ; says none to every question
print('none')
