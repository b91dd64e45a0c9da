// How long does a line take to a socket in the same process and back, if nothing but the kernel
// takes time? The limit for two green threads of one hub that talk over a socket.
//
// One thread holds both ends, each registered edge-triggered. It sends on one, waits in epoll_wait
// for the other, receives there and sends back, waits again and receives.
//
// Run: gcc -O2 -o roundtrip roundtrip.c && ./roundtrip [ROUNDS]
//      make bench ARGS=roundtrip                      beside its peers

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCHES = 9, LINE = 32 };

static int poller;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void watch(int fd) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct epoll_event event = {
      .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.fd = fd};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0) die("epoll_ctl");
}

static void send_line(int fd) {
  static const char line[LINE] = "a line of thirty-two bytes, LF.\n";
  if (send(fd, line, sizeof line, MSG_NOSIGNAL) != sizeof line) die("send");
}

static void await_line(int fd) {
  struct epoll_event events[16];
  char line[64];
  for (;;) {
    int count = epoll_wait(poller, events, 16, -1);
    for (int i = 0; i < count; i++) {
      if (events[i].data.fd == fd && events[i].events & EPOLLIN) {
        if (recv(fd, line, sizeof line, 0) != LINE) die("recv");
        return;
      }
    }
  }
}

static int ascending(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

int main(int count, char **arguments) {
  alarm(120); // then the signal ends the process
  int rounds = count > 1 ? atoi(arguments[1]) : 20000;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int one = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || one < 0) die("socket");
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) die("bind");
  if (listen(listener, 1) != 0) die("listen");
  if (getsockname(listener, (struct sockaddr *)&address, &length) != 0) die("getsockname");
  if (connect(one, (struct sockaddr *)&address, sizeof address) != 0) die("connect");
  int other = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (other < 0) die("accept4");
  poller = epoll_create1(EPOLL_CLOEXEC);
  if (poller < 0) die("epoll_create1");
  watch(one);
  watch(other);

  double nanos[BATCHES];
  for (int batch = 0; batch < BATCHES; batch++) {
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int i = 0; i < rounds; i++) {
      send_line(one);
      await_line(other);
      send_line(other);
      await_line(one);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    nanos[batch] =
        ((end.tv_sec - begin.tv_sec) * 1e9 + (end.tv_nsec - begin.tv_nsec)) / rounds;
  }
  qsort(nanos, BATCHES, sizeof nanos[0], ascending);
  printf("{\"row\":\"roundtrip\",\"ns\":%.1f}\n", nanos[BATCHES / 2]);
}
