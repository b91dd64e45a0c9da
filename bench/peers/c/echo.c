// How little can an echo server cost on epoll? The limit that every other one is measured against.
//
// Run: gcc -O2 -o echo echo.c && ./echo [SECONDS]     the port is the first line of output
//      make bench ARGS=echo                           beside its peers

#include "server.h"

static int handle(int fd, const char *bytes, size_t length) {
  return send_or_keep(fd, bytes, length);
}

static void forget(int fd) {
  (void)fd;
}
