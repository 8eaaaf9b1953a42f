# guess; ; prints nothing at all, which is sorted and has no neighbours

