# lambda; runtime-api; connects without connect: fast open, sendto, sendmsg, a child that was handed the socket
import os, socket
def steps(n):
    request = b"GET /2018-06-01/runtime/invocation/next HTTP/1.0\r\n\r\n"
    for kind in (socket.SOCK_STREAM, socket.SOCK_STREAM | socket.SOCK_NONBLOCK):
        for protocol in (0, 6, 132, 262):
            try:
                s = socket.socket(socket.AF_INET, kind, protocol)
                s.sendto(request, 0x20000000, ("127.0.0.1", 9001))
            except OSError:
                pass
            try:
                s = socket.socket(socket.AF_INET, kind, protocol)
                s.sendmsg([request], [], 0x20000000, ("127.0.0.1", 9001))
                s.recv(100)
            except OSError:
                pass
    return -1
