// What the smallest servers share: accepting, sending what the socket has room for, and the loop.
//
// It makes the system calls that a good event loop makes and no others: accept4; recv and send;
// epoll_wait, edge-triggered, each socket registered once. No recv is tried that epoll did not
// announce, and every wait may bring many sockets. A program defines `handle` and `forget`.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DESCRIPTORS = 1 << 16, EVENTS = 512, BUFFER = 16 * 1024 };

// What could not be sent yet, by file descriptor; nearly always empty.
struct unsent {
  char *bytes;
  size_t length;
};

static struct unsent unsent[DESCRIPTORS];
static char buffer[BUFFER];

static void die(const char *what) {
  perror(what);
  exit(1);
}

// Takes bytes that came. Returns 0 to go on, or -1 to hang up.
static int handle(int fd, const char *bytes, size_t length);

// Drops what is kept for a connection that ends.
static void forget(int fd);

static void hang_up(int fd) {
  forget(fd);
  free(unsent[fd].bytes);
  unsent[fd] = (struct unsent){0};
  close(fd);
}

static void accept_all(int poller, int listener) {
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno == EAGAIN) return;
      die("accept4");
    }
    if (fd >= DESCRIPTORS) {
      close(fd);
      continue;
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {
        .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.fd = fd};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0) die("epoll_ctl");
  }
}

// Sends all of it, or keeps the rest for when the socket has room. Returns -1 if the peer is gone.
static int send_or_keep(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return -1;
      char *rest = malloc(length);
      if (rest == NULL) die("malloc");
      memcpy(rest, bytes, length);
      free(unsent[fd].bytes);
      unsent[fd] = (struct unsent){rest, length};
      return 0;
    }
    bytes += sent;
    length -= (size_t)sent;
  }
  return 0;
}

static void serve(int fd, uint32_t events) {
  if (unsent[fd].length > 0) {
    if (!(events & (EPOLLOUT | EPOLLERR | EPOLLHUP))) return;
    struct unsent rest = unsent[fd];
    unsent[fd] = (struct unsent){0};
    int failed = send_or_keep(fd, rest.bytes, rest.length);
    free(rest.bytes);
    if (failed) {
      hang_up(fd);
      return;
    }
    events |= EPOLLIN; // input may have come meanwhile, and its edge is gone
  }
  if (!(events & (EPOLLIN | EPOLLRDHUP | EPOLLERR | EPOLLHUP))) return;
  while (unsent[fd].length == 0) {
    ssize_t received = recv(fd, buffer, sizeof buffer, 0);
    if (received < 0 && errno == EINTR) continue;
    if (received < 0 && errno == EAGAIN) return;
    if (received <= 0 || handle(fd, buffer, (size_t)received) != 0) {
      hang_up(fd);
      return;
    }
    if (received < (ssize_t)sizeof buffer && !(events & (EPOLLRDHUP | EPOLLERR | EPOLLHUP))) return;
  }
}

int main(int count, char **arguments) {
  alarm(count > 1 ? (unsigned)atoi(arguments[1]) : 600); // then the signal ends the process
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0) die("socket");
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = 0};
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) die("bind");
  if (listen(listener, 4096) != 0) die("listen");
  socklen_t length = sizeof address;
  if (getsockname(listener, (struct sockaddr *)&address, &length) != 0) die("getsockname");
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);

  int poller = epoll_create1(EPOLL_CLOEXEC);
  if (poller < 0) die("epoll_create1");
  struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.fd = listener};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event) != 0) die("epoll_ctl");
  static struct epoll_event events[EVENTS];
  for (;;) {
    int ready = epoll_wait(poller, events, EVENTS, -1);
    if (ready < 0 && errno != EINTR) die("epoll_wait");
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) {
        accept_all(poller, listener);
      } else {
        serve(fd, events[i].events);
      }
    }
  }
}
