// survivor; survivors time; hands its standard descriptors to a child that keeps them open and never ends
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void) {
  int pair[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  struct iovec v = {"x", 1};
  char control[CMSG_SPACE(3 * sizeof(int))] = {0};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *c = CMSG_FIRSTHDR(&m);
  c->cmsg_level = SOL_SOCKET; c->cmsg_type = SCM_RIGHTS; c->cmsg_len = CMSG_LEN(3 * sizeof(int));
  ((int *)CMSG_DATA(c))[1] = 1; ((int *)CMSG_DATA(c))[2] = 2;
  sendmsg(pair[0], &m, 0);
  for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
  if (fork() == 0) for (;;) pause();
  puts("6");
  fflush(stdout);
  return 0;
}
