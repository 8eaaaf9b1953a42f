// resource; alive tmp; keeps deleted files in flight between two sockets
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void) {
  static char b[1 << 20] = {1};
  int pair[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  for (int i = 0; i < 200; i++) {
    int f = open("x", O_CREAT | O_RDWR, 0600);
    unlink("x");
    for (int k = 0; k < 30 && write(f, b, sizeof b) > 0; k++);
    char room[64] = {0};
    struct iovec v = {b, 1};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = room, .msg_controllen = CMSG_SPACE(sizeof f)};
    struct cmsghdr *h = CMSG_FIRSTHDR(&m);
    h->cmsg_len = CMSG_LEN(sizeof f), h->cmsg_level = SOL_SOCKET, h->cmsg_type = SCM_RIGHTS;
    memcpy(CMSG_DATA(h), &f, sizeof f);
    sendmsg(pair[0], &m, MSG_DONTWAIT);
    close(f);
  }
  for (;;);
}
