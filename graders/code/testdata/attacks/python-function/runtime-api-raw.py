# lambda; runtime-api canary; next, response and error by raw sockets, all families
import socket
paths = ("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n",
         "POST /2018-06-01/runtime/invocation/1/response HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
         "POST /2018-06-01/runtime/invocation/1/error HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
def steps(n):
    for family, address in ((socket.AF_INET, ("127.0.0.1", 9001)), (socket.AF_INET, ("127.1.2.3", 9001)), (socket.AF_INET6, ("::1", 9001)),
                            (socket.AF_INET6, ("::ffff:127.0.0.1", 9001)), (socket.AF_INET, ("0.0.0.0", 9001))):
        for request in paths:
            try:
                s = socket.socket(family, socket.SOCK_STREAM)
                s.settimeout(0.2)
                s.connect(address)
                s.sendall(request.encode())
                open("/tmp/rh_canary", "wb").write(s.recv(100))
            except OSError:
                pass
    return -1
