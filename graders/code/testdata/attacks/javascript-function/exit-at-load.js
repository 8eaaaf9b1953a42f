// early-exit; ; ends with status 0 while it is loaded
process.exit(0);
