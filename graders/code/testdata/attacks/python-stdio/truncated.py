# comparison; ; prints nothing, ends well
