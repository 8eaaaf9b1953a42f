// resource; alive; writes more than can be sent, without waiting
for (;;) process.stdout.write('6 '.repeat(100000));
